package io.beringia.scenarios.connect;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Who the suite is. It believes every server: nothing secret is said, and whom a server is trusted to be is not what is tested.
 * Immutable; the key is never shown.
 */
public final class ClientIdentity {
    private static final String ONLY = "identity";

    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final SSLContext known;
    private final SSLContext nobody;

    private ClientIdentity(List<X509Certificate> chain, PrivateKey key) throws GeneralSecurityException {
        this.chain = List.copyOf(chain);
        this.key = key;
        this.known = context(new KeyManager[] {new Shows(chain, key)});
        this.nobody = context(new KeyManager[0]);
    }

    /** Whatever the chain is, it is shown as it is: others must see for themselves whether it is one. */
    public static ClientIdentity of(List<X509Certificate> chain, PrivateKey key) {
        try {
            return new ClientIdentity(chain, key);
        } catch (GeneralSecurityException wrong) {
            throw new IllegalArgumentException(
                    "identity: " + wrong.getMessage() + " (expected: a chain and its key)", wrong);
        }
    }

    /** The same key, and as many certificates as that: the last one again and again. */
    public ClientIdentity withChainOf(int certificates) {
        List<X509Certificate> longer = new ArrayList<>(chain);
        while (longer.size() < certificates) {
            longer.add(chain.getLast());
        }
        return of(longer, key);
    }

    /** Nobody. */
    public ClientIdentity withoutCertificate() {
        return of(List.of(), key);
    }

    /** From PEM files: leaf first, and an unencrypted PKCS#8 key of elliptic curves. */
    public static ClientIdentity load(Path chain, Path key) {
        try {
            return of(certificates(chain), privateKey(key));
        } catch (IOException missing) {
            throw new UncheckedIOException(
                    "identity: cannot read " + missing.getMessage() + " (expected: " + chain + " and " + key + ")",
                    missing);
        } catch (GeneralSecurityException wrong) {
            throw new IllegalArgumentException(
                    "identity: " + chain + ", " + key + " (expected: PEM, the key PKCS#8 of an elliptic curve)", wrong);
        }
    }

    /** The certificates of a PEM file, in its order. */
    public static List<X509Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    /** The key of a PEM file: unencrypted PKCS#8 of an elliptic curve. */
    public static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file, StandardCharsets.US_ASCII);
        String body = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        try {
            return KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
        } catch (IllegalArgumentException notBase64) {
            throw new GeneralSecurityException("not Base64", notBase64);
        }
    }

    private static SSLContext context(KeyManager[] keys) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys, new TrustManager[] {new BelievesAll()}, new SecureRandom());
        return context;
    }

    /** TLS 1.3 over a connection; throws if the handshake fails. */
    public Socket secure(Socket plain, boolean named, String protocol, int patienceMillis) throws IOException {
        SSLSocket socket = (SSLSocket) (named ? known : nobody)
                .getSocketFactory()
                .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), false);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(patienceMillis);
        socket.startHandshake();
        return socket;
    }

    /** One chain, whoever asks. */
    private static final class Shows extends X509ExtendedKeyManager {
        private final List<X509Certificate> chain;
        private final PrivateKey key;

        private Shows(List<X509Certificate> chain, PrivateKey key) {
            this.chain = List.copyOf(chain);
            this.key = key;
        }

        @Override
        public @Nullable String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return chain.isEmpty() ? null : ONLY;
        }

        @Override
        public @Nullable String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            return chain.isEmpty() ? null : ONLY;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return ONLY;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {ONLY};
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {ONLY};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }
    }

    private static final class BelievesAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
