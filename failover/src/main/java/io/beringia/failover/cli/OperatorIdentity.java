package io.beringia.failover.cli;

import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** An operator's SVID from files: who it is says the leaf, so nobody types a trust domain. */
final class OperatorIdentity {
    /** GeneralName, uniformResourceIdentifier (RFC 5280, section 4.2.1.6). */
    private static final int URI_NAME = 6;

    private OperatorIdentity() {}

    /** Throws {@link IllegalArgumentException} with the name of the file that is not what it should be. */
    static Credentials load(Path chain, Path key, Path bundle) {
        return FileCredentials.load(new CredentialFiles(chain, key, Map.of(trustDomain(chain), bundle)));
    }

    private static TrustDomain trustDomain(Path chain) {
        try (InputStream in = Files.newInputStream(chain)) {
            X509Certificate leaf =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            return names(leaf)
                    .findFirst()
                    .map(name -> SpiffeId.parse(name).trustDomain())
                    .orElseThrow(() -> new IllegalArgumentException(chain + ": no URI name (expected: an SVID)"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(chain + ": cannot be read (expected: a chain in PEM)", unreadable);
        } catch (CertificateException wrong) {
            throw new IllegalArgumentException(chain + ": no certificate (expected: a chain in PEM)", wrong);
        }
    }

    private static Stream<String> names(X509Certificate leaf) throws CertificateException {
        return Optional.ofNullable(leaf.getSubjectAlternativeNames()).stream()
                .flatMap(names -> names.stream())
                .filter(name -> name.getFirst().equals(URI_NAME))
                .map(List::getLast)
                .map(Object::toString);
    }
}
