package io.beringia.trust.client;

import io.beringia.trust.pki.KeyPairs;
import io.beringia.trust.pki.PemFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS by host name, as the Web has it, for what is said to strangers: it proves where an answer came from and nobody's
 * SPIFFE identity. TLS 1.3 only. Any thread.
 */
public final class WebTls {
    private WebTls() {}

    /**
     * For a server that shows a chain from PEM files, as they are at each handshake. Throws
     * {@link IllegalArgumentException} or {@link UncheckedIOException} where they cannot be used now; later the last good
     * ones stay.
     */
    public static SSLContext server(Path chain, Path key) {
        AtomicReference<IdentityKeyManager.Shown> last = new AtomicReference<>(read(chain, key));
        IdentityKeyManager shown = new IdentityKeyManager(() -> newest(last, chain, key));
        return HttpTls.context(new KeyManager[] {shown});
    }

    /** For a client that believes the roots of a PEM file, or those of this Java where there is none; shows nothing. */
    public static SSLContext client(Optional<Path> roots) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            if (roots.isPresent()) {
                factory.init(store(PemFile.certificates(roots.get())));
            } else {
                factory.init((KeyStore) null);
            }
            return HttpTls.context(new KeyManager[0], factory.getTrustManagers());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("roots of the Web: unusable (expected: part of every Java)", e);
        }
    }

    private static IdentityKeyManager.Shown newest(
            AtomicReference<IdentityKeyManager.Shown> last, Path chain, Path key) {
        try {
            last.set(read(chain, key));
        } catch (IllegalArgumentException | UncheckedIOException halfWritten) {
            // The last good ones are whole.
        }
        return Objects.requireNonNull(last.get());
    }

    private static IdentityKeyManager.Shown read(Path chain, Path key) {
        List<X509Certificate> certificates = PemFile.certificates(chain);
        PrivateKey own = PemFile.privateKey(key);
        if (!KeyPairs.belongTogether(certificates.getFirst().getPublicKey(), own)) {
            throw new IllegalArgumentException("key: " + key + " (expected: the key of " + chain + ")");
        }
        return new IdentityKeyManager.Shown(certificates, own);
    }

    private static KeyStore store(List<X509Certificate> roots) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < roots.size(); i++) {
            store.setCertificateEntry("root-" + i, roots.get(i));
        }
        return store;
    }
}
