package io.beringia.scenarios.attack;

import io.beringia.scenarios.connect.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Clients that behave well: each sends small messages at fixed times over a tunnel, and now and then opens another one. A
 * message counts from the time at which it was due. Any thread may ask.
 */
final class Neighbours implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(10);
    private static final int MESSAGES_PER_TUNNEL = 20;
    private static final int MESSAGE_BYTES = 128;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Site site;
    private final List<Thread> threads;
    private final Queue<Long> latencies = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Phaser resting = new Phaser(1);
    private volatile boolean paused;
    private volatile boolean over;

    private Neighbours(Site site, int count) {
        this.site = site;
        this.threads = IntStream.range(0, count)
                .mapToObj(
                        i -> Thread.ofPlatform().daemon().name("neighbour-" + i).unstarted(this::live))
                .toList();
    }

    static Neighbours start(Site site, int count) {
        Neighbours all = new Neighbours(site, count);
        all.threads.forEach(Thread::start);
        return all;
    }

    /** Nanoseconds of every message since the last time somebody took them, and what failed. */
    Heard take() {
        return new Heard(drained(latencies), drained(failures));
    }

    private static <T> List<T> drained(Queue<T> queue) {
        List<T> taken = new ArrayList<>();
        for (T one = queue.poll(); one != null; one = queue.poll()) {
            taken.add(one);
        }
        return taken;
    }

    /** What neighbours have noticed. */
    record Heard(List<Long> nanos, List<String> failures) {
        Heard {
            nanos = List.copyOf(nanos);
            failures = List.copyOf(failures);
        }
    }

    /** Everybody hangs up, until they are told to go on. */
    void rest() {
        threads.forEach(_ -> resting.register());
        paused = true;
        resting.arriveAndAwaitAdvance();
    }

    void goOn() {
        paused = false;
        resting.arriveAndAwaitAdvance();
        threads.forEach(_ -> resting.arriveAndDeregister());
    }

    private void live() {
        while (!over) {
            try (Line line = Line.greeted(site, new byte[0])) {
                talk(line);
            } catch (IOException failed) {
                failures.add(String.valueOf(failed.getMessage()));
            } catch (InterruptedException end) {
                return;
            }
            if (paused && !over) {
                resting.arriveAndAwaitAdvance();
                resting.arriveAndAwaitAdvance();
            }
        }
    }

    private void talk(Line line) throws IOException, InterruptedException {
        long due = System.nanoTime();
        for (int stream = 1; !over && !paused; stream += 2) {
            line.send(line.connect(stream));
            require("200", line.status(stream, PATIENCE));
            for (int i = 0; i < MESSAGES_PER_TUNNEL && !over && !paused; i++) {
                due += EVERY.toNanos();
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                line.send(new Frame(Frame.DATA, 0, stream, new byte[MESSAGE_BYTES]));
                echoed(line, stream);
                latencies.add(System.nanoTime() - due);
            }
            line.send(new Frame(Frame.DATA, Frame.END_STREAM, stream, new byte[0]));
        }
    }

    private static void echoed(Line line, int stream) throws IOException {
        int got = 0;
        while (got < MESSAGE_BYTES) {
            Optional<Frame> frame = line.read(PATIENCE);
            if (frame.isEmpty() || frame.get().type() == Frame.RST_STREAM) {
                throw new IOException("tunnel: cut (expected: " + MESSAGE_BYTES + " bytes back)");
            }
            if (frame.get().type() == Frame.DATA && frame.get().stream() == stream) {
                got += frame.get().content().length;
            }
        }
    }

    private static void require(String expected, String status) throws IOException {
        if (!status.equals(expected)) {
            throw new IOException("status: " + status + " (expected: " + expected + ")");
        }
    }

    @Override
    public void close() {
        over = true;
        threads.forEach(Thread::interrupt);
        resting.forceTermination();
    }
}
