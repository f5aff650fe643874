package io.beringia.scenarios.attack;

import io.beringia.scenarios.connect.Frame;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One attacker: what it opens, when it went too far, and when the gateway had enough of it. Its own thread attacks; others
 * ask, end and close it.
 */
final class Attacker implements AutoCloseable {
    private static final Duration SILENCE_MAX = Duration.ofMinutes(2);
    private static final int PATIENCE_MILLIS = 10_000;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NOT_YET = 0;

    private final Site site;
    private final Queue<AutoCloseable> open = new ConcurrentLinkedQueue<>();
    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private volatile long brokeNanos = NOT_YET;
    private volatile long closedNanos = NOT_YET;
    private volatile boolean over;
    private volatile long openedNanos = System.nanoTime();
    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch start;

    /** @param start opens when the attack may begin; connections are opened before */
    Attacker(Site site, CountDownLatch start) {
        this.site = site;
        this.start = start;
    }

    /** Connected, and waits for the start; does nothing after it. */
    void getReady() throws InterruptedException {
        openedNanos = System.nanoTime();
        ready.countDown();
        start.await();
    }

    void awaitReady(Duration within) throws InterruptedException {
        ready.await(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    Site site() {
        return site;
    }

    /** HTTP/2 with these SETTINGS; what comes is read and answered. */
    Line greet(byte[] settings) throws IOException, InterruptedException {
        return watched(Line.greeted(site, settings));
    }

    Line greet() throws IOException, InterruptedException {
        return greet(new byte[0]);
    }

    /** The same, and nobody reads. */
    Line greetDeaf(byte[] settings) throws IOException, InterruptedException {
        return kept(Line.greeted(site, settings));
    }

    /** TLS, and nothing on it yet. */
    Line secure() throws IOException, InterruptedException {
        return watched(Line.secured(site));
    }

    private Line watched(Line line) throws InterruptedException {
        Thread.ofPlatform().daemon().name("attacker-reads").start(() -> readOut(line));
        return kept(line);
    }

    private void readOut(Line line) {
        try {
            Optional<Frame> frame = line.read(SILENCE_MAX);
            while (frame.isPresent()) {
                frame = line.read(SILENCE_MAX);
            }
            closed();
        } catch (SocketTimeoutException silence) {
            // Whoever says nothing for so long has not closed.
        }
    }

    /** TCP alone. */
    Socket wire() throws IOException, InterruptedException {
        connections.incrementAndGet();
        Socket wire = new Socket();
        wire.setTcpNoDelay(true);
        wire.connect(site.gateway(), PATIENCE_MILLIS);
        open.add(wire);
        Thread.ofPlatform().daemon().name("attacker-reads").start(() -> readOut(wire));
        getReady();
        return wire;
    }

    private void readOut(Socket wire) {
        try {
            wire.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException cut) {
            // Closed, one way or the other.
        }
        closed();
    }

    private Line kept(Line line) throws InterruptedException {
        connections.incrementAndGet();
        lines.add(line);
        open.add(line);
        getReady();
        return line;
    }

    /** One connection that is given up as soon as hands were shaken, or refused. */
    void shakeHands(Site as) {
        connections.incrementAndGet();
        try {
            Line.secured(as).close();
        } catch (IOException refused) {
            // That is an answer too.
        }
    }

    private void closed() {
        if (!over && closedNanos == NOT_YET) {
            closedNanos = System.nanoTime();
        }
    }

    /** From now on the gateway should have had enough. */
    void goesTooFar() {
        goesTooFarAt(System.nanoTime());
    }

    /** It may look on for so long since the connection was opened. */
    void goesTooFarAfter(Duration deadline) {
        goesTooFarAt(openedNanos + deadline.toNanos());
    }

    private void goesTooFarAt(long nanos) {
        if (brokeNanos == NOT_YET) {
            brokeNanos = nanos;
        }
    }

    /** Whether to attack on. */
    boolean goesOn() {
        return !over && closedNanos == NOT_YET;
    }

    void pause(Duration length) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(length.toNanos());
    }

    /** The same bytes as fast as they are taken, which is too much. */
    void flood(Line line, byte[] chunk) {
        goesTooFar();
        repeat(line, chunk);
    }

    /** The same bytes as fast as they are taken. */
    void repeat(Line line, byte[] chunk) {
        while (goesOn()) {
            line.send(chunk);
        }
    }

    /** One more connection, or tunnel, that is counted by itself. */
    void connected() {
        connections.incrementAndGet();
    }

    /** Bytes sent outside of any {@link Line}. */
    void sent(long more) {
        bytes.addAndGet(more);
    }

    int connections() {
        return connections.get();
    }

    long sentBytes() {
        return bytes.get() + lines.stream().mapToLong(Line::sentBytes).sum();
    }

    Optional<Integer> goodbye() {
        return lines.stream().flatMap(line -> line.goodbye().stream()).findFirst();
    }

    boolean wentTooFar() {
        return brokeNanos != NOT_YET;
    }

    /** Seconds from going too far to the gateway's close; empty if one of them did not happen. */
    OptionalDouble toleratedSeconds() {
        return wentTooFar() && closedNanos != NOT_YET
                ? OptionalDouble.of(Math.max(0, closedNanos - brokeNanos) / NANOS_PER_SECOND)
                : OptionalDouble.empty();
    }

    /** Stops attacking, and keeps what is open. */
    void end() {
        over = true;
    }

    @Override
    public void close() {
        end();
        for (AutoCloseable one : open) {
            try {
                one.close();
            } catch (Exception gone) {
                // Closed then.
            }
        }
    }
}
