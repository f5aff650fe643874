package io.beringia.gateway;

import io.beringia.discovery.catalog.SocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What stands behind the last gateway: a TCP server on a virtual thread. Owned by one test. */
public final class Backend implements AutoCloseable {
    private final ServerSocket server;
    private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final List<SocketChannel> fillers = new ArrayList<>();

    private Backend(ServerSocket server) {
        this.server = server;
    }

    /** How one connection is served. */
    @FunctionalInterface
    public interface Behaviour {
        void serve(Socket socket) throws IOException;
    }

    public static Backend at(SocketAddress address, Behaviour behaviour) throws IOException {
        return at(address, 0, behaviour);
    }

    /** The same, whose kernel keeps about so many bytes that nobody has read; 0 for as many as it likes. */
    public static Backend at(SocketAddress address, int unreadBytes, Behaviour behaviour) throws IOException {
        Backend backend = new Backend(new ServerSocket());
        if (unreadBytes > 0) {
            backend.server.setReceiveBufferSize(unreadBytes);
        }
        backend.bind(address, 256);
        Thread.ofVirtual().name("backend/" + address).start(() -> backend.accept(behaviour));
        return backend;
    }

    /** Its queue is full and nobody is accepted, so that the kernel drops every further SYN. */
    public static Backend full(SocketAddress address) throws IOException {
        Backend backend = new Backend(new ServerSocket());
        backend.bind(address, 1);
        for (int i = 0; i < 8; i++) {
            SocketChannel filler = SocketChannel.open();
            backend.fillers.add(filler);
            filler.configureBlocking(false);
            filler.connect(backend.server.getLocalSocketAddress());
        }
        return backend;
    }

    private void bind(SocketAddress address, int backlog) throws IOException {
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(address.ip().toString(), address.port()), backlog);
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
        for (SocketChannel filler : fillers) {
            filler.close();
        }
        for (Socket socket : accepted) {
            socket.close();
        }
    }
}
