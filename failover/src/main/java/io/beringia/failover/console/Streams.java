package io.beringia.failover.console;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Everybody who watches: each has a virtual thread and a short queue, and who falls behind is dropped, since whoever
 * watches asks again and then sees the newest. Any thread.
 */
final class Streams implements AutoCloseable {
    /** A team in one incident. */
    static final int STREAMS_MAX = 16;

    /** A picture a second, a few more while much happens: so long may a reader stand still once its socket is full. */
    static final int QUEUE_PICTURES = 8;

    private final Semaphore free = new Semaphore(STREAMS_MAX);
    private final Set<Stream> open = ConcurrentHashMap.newKeySet();
    private final Runnable dropped;

    /** @param dropped hears of each that fell behind */
    Streams(Runnable dropped) {
        this.dropped = dropped;
    }

    /** One that watches. Compared by identity, as no two of them are the same. */
    private static final class Stream {
        private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(QUEUE_PICTURES);
        private final HttpExchange exchange;
        private final Thread thread;

        private Stream(HttpExchange exchange, Streams all) {
            this.exchange = exchange;
            this.thread = Thread.ofVirtual().name("console-stream").unstarted(() -> all.follow(this));
        }
    }

    /**
     * Whether there was room for one more. If so, its headers are sent and the exchange is ours to end.
     *
     * @param first what it is told at once
     */
    boolean join(HttpExchange exchange, byte[] first) throws IOException {
        if (!free.tryAcquire()) {
            return false;
        }
        Stream stream = new Stream(exchange, this);
        try {
            exchange.sendResponseHeaders(200, 0);
        } catch (IOException gone) {
            free.release();
            throw gone;
        }
        stream.queue.add(first);
        open.add(stream);
        stream.thread.start();
        return true;
    }

    /** Never waits. */
    void publish(byte[] picture) {
        List<Stream> behind =
                open.stream().filter(stream -> !stream.queue.offer(picture)).toList();
        behind.stream().filter(open::remove).forEach(this::drop);
    }

    /** An interrupt closes the socket that a write waits for. */
    private void drop(Stream stream) {
        stream.thread.interrupt();
        dropped.run();
    }

    int count() {
        return open.size();
    }

    @Override
    public void close() {
        open.forEach(stream -> stream.thread.interrupt());
    }

    private void follow(Stream stream) {
        try {
            OutputStream body = stream.exchange.getResponseBody();
            while (true) {
                body.write(stream.queue.take());
                body.flush();
            }
        } catch (InterruptedException dropped) {
            Thread.currentThread().interrupt();
        } catch (IOException gone) {
            // Its window was closed, or it was dropped while it did not read: either way nobody is left to tell.
        } finally {
            open.remove(stream);
            free.release();
            stream.exchange.close();
        }
    }
}
