package io.beringia.failover.zookeeper;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A loopback line to a server that can lose every reply, or everything. Any thread; one virtual thread a direction. */
final class CuttableLink implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isDeaf;
    private volatile boolean isDumb;

    private CuttableLink(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    static CuttableLink to(int target) throws IOException {
        CuttableLink link = new CuttableLink(new ServerSocket(0, 16, InetAddress.getByName("127.0.0.1")), target);
        Thread.ofVirtual().start(link::accept);
        return link;
    }

    Ensemble connect(Duration session) {
        return Ensemble.connect("127.0.0.1:" + listener.getLocalPort(), session, TestZooKeeper.MESH);
    }

    /** From now on replies vanish. */
    void loseReplies() {
        isDeaf = true;
    }

    /** From now on everything vanishes, as behind a black hole. */
    void loseEverything() {
        isDeaf = true;
        isDumb = true;
    }

    /** Ends every connection that lost something; new ones work. */
    void heal() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        isDeaf = false;
        isDumb = false;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket near = listener.accept();
                Socket far = new Socket(InetAddress.getByName("127.0.0.1"), target);
                open.add(near);
                open.add(far);
                Thread.ofVirtual().start(() -> copy(near, far, true));
                Thread.ofVirtual().start(() -> copy(far, near, false));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void copy(Socket from, Socket to, boolean isRequest) {
        byte[] buffer = new byte[8_192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (isRequest ? !isDumb : !isDeaf) {
                    out.write(buffer, 0, read);
                }
            }
        } catch (IOException closed) {
            open.remove(from);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            heal();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
