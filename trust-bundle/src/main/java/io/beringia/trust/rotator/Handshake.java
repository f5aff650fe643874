package io.beringia.trust.rotator;

import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * One TLS 1.3 handshake with a data plane: which chain it presents, and whether it accepts ours. In TLS 1.3 a server judges
 * the client's certificate after the client is done (RFC 8446, 4.4), so that only its first octets, the SETTINGS that
 * begin every HTTP/2 connection (RFC 9113, 3.4), say that we were let in. Any thread; blocks for 5 s at most.
 */
final class Handshake {
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private static final int FRAME_HEADER_BYTES = 9;
    private static final int TYPE_AT = 3;
    private static final int SETTINGS = 4;

    private Handshake() {}

    sealed interface Outcome {}

    /** It presented this chain, leaf first, and let us in or not. */
    record Met(List<X509Certificate> chain, boolean accepted) implements Outcome {
        public Met {
            chain = List.copyOf(chain);
        }
    }

    /** Nothing is known: nobody answers, or somebody whom we do not believe. */
    record Missed(String why) implements Outcome {}

    /** As {@code shown}, towards {@code id} alone. */
    static Outcome with(InetSocketAddress address, SpiffeId id, Credentials shown, InstantSource clock) {
        SSLContext context = new HttpTls(shown, new SpiffeVerifier(), clock).client(id::equals);
        try (Socket plain = new Socket();
                Deadline _ = Deadline.on(plain)) {
            plain.connect(address, (int) LONGEST.toMillis());
            SSLSocket tls = (SSLSocket)
                    context.getSocketFactory().createSocket(plain, address.getHostString(), address.getPort(), true);
            SSLParameters parameters = HttpTls.newest(context);
            parameters.setApplicationProtocols(new String[] {"h2"});
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            return new Met(chain(tls), isLetIn(tls));
        } catch (IOException failed) {
            return new Missed(address + ": " + failed.getMessage());
        }
    }

    /** Closes a socket when its time is over, however slowly the other end goes on. */
    private record Deadline(Thread watch) implements AutoCloseable {
        static Deadline on(Socket socket) {
            return new Deadline(Thread.ofVirtual().name("probe-deadline").start(() -> {
                try (socket) {
                    Thread.sleep(LONGEST);
                } catch (InterruptedException inTime) {
                    Thread.currentThread().interrupt();
                } catch (IOException closedAlready) {
                    return;
                }
            }));
        }

        @Override
        public void close() {
            watch.interrupt();
        }
    }

    private static List<X509Certificate> chain(SSLSocket tls) throws IOException {
        return Arrays.stream(tls.getSession().getPeerCertificates())
                .map((Certificate one) -> (X509Certificate) one)
                .toList();
    }

    /**
     * Throws where it does neither. We say nothing first, so that whoever sends us away does it by an alert about our
     * certificate, and not by a reset, which could mean anything.
     */
    private static boolean isLetIn(SSLSocket tls) throws IOException {
        try {
            byte[] header = tls.getInputStream().readNBytes(FRAME_HEADER_BYTES);
            if (header.length < FRAME_HEADER_BYTES || header[TYPE_AT] != SETTINGS) {
                throw new IOException("closed, or no HTTP/2 (expected: SETTINGS, or an alert)");
            }
            return true;
        } catch (SSLHandshakeException alert) {
            return false;
        }
    }
}
