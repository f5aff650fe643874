package io.beringia.scenarios.attack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** The pod behind the gateway: sends back what it hears. Told so by the first byte, it ends and then resets at once. */
final class Echo implements AutoCloseable {
    /** First byte of a tunnel whose pod says FIN and then RST. */
    static final byte END_AND_RESET = 'R';

    private static final int BACKLOG = 4_096;
    private static final int CHUNK_BYTES = 16 * 1024;

    private final ServerSocket server;
    private final AtomicLong accepted = new AtomicLong();

    private Echo(ServerSocket server) {
        this.server = server;
    }

    static Echo listen(InetSocketAddress address) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(address, BACKLOG);
        Echo echo = new Echo(server);
        Thread.ofPlatform().daemon().name("echo").start(echo::accept);
        return echo;
    }

    /** Connections until now. */
    long accepted() {
        return accepted.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(closed);
                }
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            byte[] chunk = new byte[CHUNK_BYTES];
            int read = in.read(chunk);
            if (read > 0 && chunk[0] == END_AND_RESET) {
                socket.shutdownOutput();
                socket.setSoLinger(true, 0);
                return;
            }
            for (; read >= 0; read = in.read(chunk)) {
                socket.getOutputStream().write(chunk, 0, read);
            }
        } catch (IOException cut) {
            // The other side has ended it.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
