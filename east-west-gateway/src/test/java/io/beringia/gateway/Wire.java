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
 * a stopped process looks like from outside; or, where old connections alone are frozen, a way that lost some of them.
 * Owned by one test.
 */
public final class Wire implements AutoCloseable {
    private static final int CHUNK_BYTES = 16 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition thawed = lock.newCondition();
    private final SocketAddress to;
    private final Backend backend;
    private long connections;
    /** Connections up to this one are frozen. */
    private long frozen;

    public Wire(SocketAddress from, SocketAddress to) throws IOException {
        this.to = to;
        this.backend = Backend.at(from, this::carry);
    }

    private void carry(Socket near) throws IOException {
        long number = number();
        pass(number);
        try (near;
                Socket far = new Socket(to.ip().toString(), to.port())) {
            Thread back = Thread.ofVirtual().start(() -> {
                try {
                    pump(number, far.getInputStream(), near.getOutputStream());
                } catch (IOException cut) {
                    // The other direction ends as well.
                }
            });
            pump(number, near.getInputStream(), far.getOutputStream());
            back.interrupt();
        }
    }

    private void pump(long number, InputStream in, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            pass(number);
            out.write(chunk, 0, read);
        }
    }

    private long number() {
        lock.lock();
        try {
            return ++connections;
        } finally {
            lock.unlock();
        }
    }

    private void pass(long number) {
        lock.lock();
        try {
            while (number <= frozen) {
                thawed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    public void freeze() {
        set(Long.MAX_VALUE);
    }

    /** The connections that stand now, and no later ones. */
    public void freezeOpen() {
        lock.lock();
        try {
            frozen = connections;
        } finally {
            lock.unlock();
        }
    }

    public void thaw() {
        set(0);
    }

    private void set(long now) {
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
