package io.beringia.gateway;

import io.beringia.discovery.catalog.SocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What stands behind the last gateway: a TCP server on a virtual thread. Owned by one test. */
public final class Backend implements AutoCloseable {
    private final ServerSocket server;
    private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    private Backend(ServerSocket server) {
        this.server = server;
    }

    /** How one connection is served. */
    @FunctionalInterface
    public interface Behaviour {
        void serve(Socket socket) throws IOException;
    }

    public static Backend at(SocketAddress address, Behaviour behaviour) throws IOException {
        Backend backend = new Backend(new ServerSocket());
        backend.server.setReuseAddress(true);
        backend.server.bind(new InetSocketAddress(address.ip().toString(), address.port()), 256);
        Thread.ofVirtual().name("backend/" + address).start(() -> backend.accept(behaviour));
        return backend;
    }

    /** Sends back what it gets, and FIN for FIN. */
    public static Backend echo(SocketAddress address) throws IOException {
        return at(address, socket -> {
            try (socket) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            }
        });
    }

    /** Gives every connection to the test. */
    public static Backend manual(SocketAddress address) throws IOException {
        return at(address, _ -> {});
    }

    private void accept(Behaviour behaviour) {
        try {
            while (true) {
                Socket socket = server.accept();
                count.incrementAndGet();
                accepted.add(socket);
                Thread.ofVirtual().start(() -> {
                    try {
                        behaviour.serve(socket);
                    } catch (IOException gone) {
                        // The other side cut it: what many tests are about.
                    }
                });
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    /** The next connection that was accepted. */
    public Socket next() throws InterruptedException {
        Socket socket = accepted.poll(HboneClient.WAIT_SECONDS, TimeUnit.SECONDS);
        if (socket == null) {
            throw new AssertionError("backend: no connection (expected: one)");
        }
        return socket;
    }

    /** Connections so far. */
    public int count() {
        return count.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }
}
