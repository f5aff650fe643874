package io.beringia.gateway;

import io.beringia.discovery.catalog.SocketAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP way to a gateway that can be frozen: connections stay open and are still accepted, and not a byte passes. What
 * a stopped process looks like from outside. Owned by one test.
 */
public final class Wire implements AutoCloseable {
    private static final int CHUNK_BYTES = 16 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition thawed = lock.newCondition();
    private final SocketAddress to;
    private final Backend backend;
    private boolean frozen;

    public Wire(SocketAddress from, SocketAddress to) throws IOException {
        this.to = to;
        this.backend = Backend.at(from, this::carry);
    }

    private void carry(Socket near) throws IOException {
        pass();
        try (near;
                Socket far = new Socket(to.ip().toString(), to.port())) {
            Thread back = Thread.ofVirtual().start(() -> {
                try {
                    pump(far.getInputStream(), near.getOutputStream());
                } catch (IOException cut) {
                    // The other direction ends as well.
                }
            });
            pump(near.getInputStream(), far.getOutputStream());
            back.interrupt();
        }
    }

    private void pump(InputStream in, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            pass();
            out.write(chunk, 0, read);
        }
    }

    private void pass() {
        lock.lock();
        try {
            while (frozen) {
                thawed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    public void freeze() {
        set(true);
    }

    public void thaw() {
        set(false);
    }

    private void set(boolean now) {
        lock.lock();
        try {
            frozen = now;
            thawed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        thaw();
        backend.close();
    }
}
