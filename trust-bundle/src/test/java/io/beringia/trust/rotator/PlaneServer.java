package io.beringia.trust.rotator;

import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A data plane as far as a probe goes: asks for a certificate, judges it, and begins to speak HTTP/2. */
final class PlaneServer implements AutoCloseable {
    private static final byte[] SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    private static final int TIMEOUT_MILLIS = 5_000;

    private final SSLServerSocket socket;

    PlaneServer(Credentials credentials, InstantSource clock) throws IOException {
        this(credentials, clock, 0);
    }

    PlaneServer(Credentials credentials, InstantSource clock, int port) throws IOException {
        SSLContext context = new HttpTls(credentials, new SpiffeVerifier(), clock).server();
        socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(port, 16, InetAddress.getLoopbackAddress());
        SSLParameters parameters = HttpTls.newest(context);
        parameters.setNeedClientAuth(true);
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        Thread.ofVirtual().start(this::serve);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (SSLSocket one = (SSLSocket) socket.accept()) {
                one.setSoTimeout(TIMEOUT_MILLIS);
                one.startHandshake();
                one.getOutputStream().write(SETTINGS);
                one.getInputStream().readAllBytes();
            } catch (IOException refused) {
                // the next one may be let in
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
