package io.beringia.trust.client;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.KeyPairs;
import io.beringia.trust.pki.ParsedCertificate;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.X509;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Reads an identity from its files, whole or not at all; throws with the file's name and what was expected of it. */
final class CredentialReader {
    /** A thousand times an honest file. */
    private static final int FILE_BYTES_MAX = 1024 * 1024;

    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private CredentialReader() {}

    static X509Svid svid(CredentialFiles files) {
        List<X509Certificate> chain = within(files.chain(), () -> withoutRoot(Pem.certificates(text(files.chain()))));
        PrivateKey key = key(files.key());
        SpiffeId id = within(files.chain(), () -> idOf(chain.getFirst()));
        if (!KeyPairs.belongTogether(chain.getFirst().getPublicKey(), key)) {
            throw new IllegalArgumentException("key: " + files.key() + " (expected: the key of " + files.chain() + ")");
        }
        return new X509Svid(id, chain, key);
    }

    static Map<TrustDomain, List<X509Certificate>> roots(CredentialFiles files) {
        Map<TrustDomain, List<X509Certificate>> roots = new HashMap<>();
        Map<PublicKey, TrustDomain> owners = new HashMap<>();
        files.bundles().forEach((domain, file) -> {
            List<X509Certificate> ofDomain = within(file, () -> Pem.certificates(text(file)));
            ofDomain.forEach(root -> own(owners, root, domain));
            roots.put(domain, ofDomain);
        });
        return Map.copyOf(roots);
    }

    /** One key speaks for one domain: a shared root would let each speak for the other. */
    private static void own(Map<PublicKey, TrustDomain> owners, X509Certificate root, TrustDomain domain) {
        TrustDomain other = owners.putIfAbsent(root.getPublicKey(), domain);
        if (other != null && !other.equals(domain)) {
            throw new IllegalArgumentException(
                    "bundles: one root key in " + other + " and " + domain + " (expected: a key in one domain only)");
        }
    }

    private static PrivateKey key(Path file) {
        checkMode(file);
        return within(file, () -> Pem.privateKey(text(file)));
    }

    private static void checkMode(Path file) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (!OWNER.containsAll(mode)) {
                throw new IllegalArgumentException("key: " + file + " has mode " + PosixFilePermissions.toString(mode)
                        + " (expected: readable by its owner only, chmod 600)");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("key: " + file + " (expected: a readable file)", e);
        }
    }

    private static SpiffeId idOf(X509Certificate leaf) {
        return switch (LeafRules.name(ParsedCertificate.parse(X509.encoded(leaf)))) {
            case LeafRules.Named(SpiffeId id) -> id;
            case LeafRules.Refused refused ->
                throw new IllegalArgumentException(refused.why().detail());
        };
    }

    private static List<X509Certificate> withoutRoot(List<X509Certificate> chain) {
        return IntStream.range(0, chain.size())
                .filter(i -> i == 0 || !isSelfIssued(chain.get(i)))
                .mapToObj(chain::get)
                .toList();
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
            if (bytes.length > FILE_BYTES_MAX) {
                throw new IllegalArgumentException("more than 1 MiB (expected: PEM)");
            }
            return new String(bytes, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException("file: " + file + " (expected: a readable file)", e);
        }
    }

    private static <T> T within(Path file, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }
}
