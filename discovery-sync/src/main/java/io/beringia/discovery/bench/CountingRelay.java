package io.beringia.discovery.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Passes connections on and counts their bytes, both ways, TLS and all. A virtual thread for each direction. Any thread. */
final class CountingRelay implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 << 10;

    private final ServerSocket listening;
    private final AtomicLong bytes = new AtomicLong();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile int target;

    private CountingRelay(ServerSocket listening, int target) {
        this.listening = listening;
        this.target = target;
    }

    /** To that port of loopback. */
    static CountingRelay to(int port) throws IOException {
        CountingRelay relay = new CountingRelay(new ServerSocket(0, 8, InetAddress.getLoopbackAddress()), port);
        Thread.ofVirtual().name("bench/relay").start(relay::accept);
        return relay;
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Where later connections go. */
    void lead(int port) {
        target = port;
    }

    long bytes() {
        return bytes.get();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                pass(listening.accept());
            } catch (IOException nobodyThere) {
                // the dialler comes again; and at the end there is nobody to tell
            }
        }
    }

    private void pass(Socket from) throws IOException {
        open.add(from);
        try {
            Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(to);
            Thread.ofVirtual().start(() -> copy(from, to));
            Thread.ofVirtual().start(() -> copy(to, from));
        } catch (IOException refused) {
            close(from);
            throw refused;
        }
    }

    /** The end of one direction is that of both: gRPC has no use for half a connection. */
    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes.addAndGet(read);
                out.write(buffer, 0, read);
            }
        } catch (IOException gone) {
            // as good as an end
        } finally {
            close(from);
            close(to);
        }
    }

    private void close(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException already) {
            // that is what was wanted
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException stuck) {
            throw new UncheckedIOException(stuck);
        }
        Set.copyOf(open).forEach(this::close);
    }
}
