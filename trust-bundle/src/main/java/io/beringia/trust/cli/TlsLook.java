package io.beringia.trust.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Looks at the certificates that an endpoint shows and then refuses the handshake, whatever they are: nothing is ever said
 * to somebody who was not verified. One use, one thread.
 */
final class TlsLook extends X509ExtendedTrustManager {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private List<X509Certificate> seen = List.of();

    /** Throws {@link IOException} where nobody shows a certificate within 10 s. */
    static List<X509Certificate> at(String host, int port) throws IOException {
        TlsLook look = new TlsLook();
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), (int) TIMEOUT.toMillis());
            plain.setSoTimeout((int) TIMEOUT.toMillis());
            SSLSocket tls = (SSLSocket) look.context().getSocketFactory().createSocket(plain, host, port, true);
            tls.startHandshake();
        } catch (IOException refused) {
            if (look.seen.isEmpty()) {
                throw new IOException(
                        host + ":" + port + ": " + reason(refused) + " (expected: an endpoint of TLS)", refused);
            }
        }
        return look.seen;
    }

    private static String reason(IOException refused) {
        return refused instanceof SocketTimeoutException ? "no answer" : String.valueOf(refused.getMessage());
    }

    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {this}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS: missing (expected: part of every JDK)", e);
        }
    }

    private void look(X509Certificate[] chain) throws CertificateException {
        seen = List.of(chain);
        throw new CertificateException("seen, and not to be trusted");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
        look(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) throws CertificateException {
        look(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
        look(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
        look(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) throws CertificateException {
        look(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
        look(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
