package io.beringia.trust.rotator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A line between two clusters that can be cut. */
final class CutLine implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final int to;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isCut;

    CutLine(int to) throws IOException {
        this.to = to;
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** What is on its way is lost, and so is what comes. */
    void cut() {
        isCut = true;
        open.forEach(CutLine::close);
    }

    void mend() {
        isCut = false;
    }

    private void serve() {
        try {
            while (true) {
                Socket near = listener.accept();
                open.add(near);
                Thread.ofVirtual().start(() -> relay(near));
            }
        } catch (IOException closed) {
            cut();
        }
    }

    private void relay(Socket near) {
        try (near;
                Socket far = new Socket(InetAddress.getLoopbackAddress(), to)) {
            open.add(far);
            if (!isCut) {
                Thread back = Thread.ofVirtual().start(() -> copy(far, near));
                copy(near, far);
                back.join();
            }
        } catch (IOException | InterruptedException cut) {
            close(near);
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException cut) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
