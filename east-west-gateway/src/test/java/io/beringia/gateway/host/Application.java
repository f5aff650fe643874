package io.beringia.gateway.host;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A local application: one thread for each connection. */
final class Application implements AutoCloseable {
    private final ServerSocket server = new ServerSocket();
    private final AtomicInteger accepted = new AtomicInteger();
    /** How each connection ended for the application: a word, in order. */
    private final BlockingQueue<String> endings = new LinkedBlockingQueue<>();

    /** What it does with one connection. */
    interface Talk {
        void with(Socket socket) throws IOException;
    }

    Application(String ip, int port, Talk talk) throws IOException {
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(ip, port));
        Thread.ofVirtual().name("application").start(() -> accept(talk));
    }

    /** Says back what it hears, until the caller says no more. */
    static void echo(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
    }

    private void accept(Talk talk) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> talk(talk, socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void talk(Talk talk, Socket socket) {
        try (socket) {
            socket.setSoTimeout(20_000);
            talk.with(socket);
            endings.add("end");
        } catch (IOException broken) {
            endings.add("reset");
        }
    }

    int accepted() {
        return accepted.get();
    }

    String nextEnding() throws InterruptedException {
        String ending = endings.poll(10, TimeUnit.SECONDS);
        return ending == null ? "none in 10 s" : ending;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
