package io.beringia.scenarios.connect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Takes connections in the open and has each carried to a target under a client certificate, for programs that have none. Owned
 * by one test.
 */
final class Front implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final ServerSocket server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    private final SuiteTarget target;
    private final Carrier carrier;

    /** What becomes of one connection: returns when that is over, and then both are closed. */
    @FunctionalInterface
    interface Carrier {
        /**
         * @param far TLS to the target
         * @param wire the connection below that
         */
        void carry(Socket near, Socket far, Socket wire) throws IOException, InterruptedException;
    }

    Front(String name, SuiteTarget target, Carrier carrier) throws IOException {
        this.target = target;
        this.carrier = carrier;
        Thread.ofVirtual().name(name).start(this::accept);
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
            carrier.carry(near, target.identity().orElseThrow().secure(wire, true, "h2", PATIENCE_MILLIS), wire);
        } catch (IOException cut) {
            // What one side cut is cut for the other.
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
