package io.beringia.failover.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes connections to a port of loopback on, until it is cut: what a killed process looks like from there. Any thread. */
final class CutLink implements AutoCloseable {
    private static final int BACKLOG = 8;

    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private CutLink(ServerSocket listening, int target) {
        this.listening = listening;
        this.target = target;
    }

    static CutLink to(int port) throws IOException {
        CutLink link = new CutLink(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), port);
        Thread.ofVirtual().name("bench/link").start(link::accept);
        return link;
    }

    String connectString() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket from = listening.accept();
                open.add(from);
                Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(to);
                if (listening.isClosed()) {
                    close(); // it has not seen these two
                    return;
                }
                Thread.ofVirtual().start(() -> pass(from, to));
                Thread.ofVirtual().start(() -> pass(to, from));
            }
        } catch (IOException cut) {
            close();
        }
    }

    private void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException gone) {
            // as good as its end
        }
        end(from);
        end(to);
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException already) {
            // that is what was wanted
        }
    }

    /** Ends every connection, and lets nobody in any more. */
    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException already) {
            // that is what was wanted
        }
        Set.copyOf(open).forEach(this::end);
    }
}
