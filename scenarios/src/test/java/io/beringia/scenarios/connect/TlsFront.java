package io.beringia.scenarios.connect;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Takes connections in the open and carries them to a target under a client certificate, for programs that have none. So the
 * listener is met as it is in production, and needs no second way in. Owned by one test.
 */
final class TlsFront implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final ServerSocket server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    private final SuiteTarget target;

    TlsFront(SuiteTarget target) throws IOException {
        this.target = target;
        Thread.ofVirtual().name("tls-front").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                Thread.ofVirtual().start(() -> carry(near));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void carry(Socket near) {
        try (near;
                Socket wire = new Socket(
                        target.address().getAddress(), target.address().getPort())) {
            near.setTcpNoDelay(true);
            wire.setTcpNoDelay(true);
            Socket far = target.identity().orElseThrow().secure(wire, true, "h2", PATIENCE_MILLIS);
            far.setSoTimeout(0);
            Thread up = Thread.ofVirtual().start(() -> pump(near, far, wire));
            pump(far, near, near);
            wire.close();
            up.join();
        } catch (IOException cut) {
            // What one side cut is cut for the other.
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** The end of one direction is the end of both: a peer that closes has nothing more to say in HTTP/2. */
    private static void pump(Socket from, Socket to, Socket end) {
        try (end) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException cut) {
            // As above.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
