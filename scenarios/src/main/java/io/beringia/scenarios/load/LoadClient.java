package io.beringia.scenarios.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Drives one {@link LoadPlan} until it is stopped. The schedule runs on a thread of its own, each connection on a virtual
 * thread; outcomes go to a sink that must be safe for any thread. Open connections are bounded by rate and deadline.
 */
public final class LoadClient implements AutoCloseable {
    private final LoadPlan plan;
    private final long originNanos;
    private final Consumer<Outcome> sink;
    private final ExecutorService connections = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("load/", 0).factory());
    private final Thread schedule;
    private volatile boolean stopping;

    private LoadClient(LoadPlan plan, long originNanos, Consumer<Outcome> sink) {
        this.plan = plan;
        this.originNanos = originNanos;
        this.sink = sink;
        this.schedule =
                Thread.ofPlatform().daemon().name("load-" + plan.client()).unstarted(this::run);
    }

    /** Starts at once; {@code originNanos} is the reading of {@link System#nanoTime()} that all clients count from. */
    public static LoadClient start(LoadPlan plan, long originNanos, Consumer<Outcome> sink) {
        LoadClient client = new LoadClient(plan, originNanos, sink);
        client.schedule.start();
        return client;
    }

    /** Starts nothing more, and waits until every open connection has its outcome: at most the plan's deadline. */
    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(schedule);
        try {
            schedule.join();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        connections.close();
    }

    private void run() {
        long offset = System.nanoTime() - originNanos;
        for (long sequence = 0; !stopping; sequence++) {
            long due = offset + plan.startNanos(sequence);
            waitUntil(due);
            if (!stopping) {
                long number = sequence;
                connections.execute(() -> sink.accept(ask(number, due)));
            }
        }
    }

    private void waitUntil(long due) {
        for (long left = due - now(); left > 0 && !stopping; left = due - now()) {
            LockSupport.parkNanos(left);
        }
    }

    private Outcome ask(long sequence, long due) {
        long started = now();
        try (Socket socket = new Socket()) {
            int deadlineMillis = Math.toIntExact(plan.deadline().toMillis());
            socket.setTcpNoDelay(true);
            socket.connect(plan.target(), deadlineMillis);
            socket.setSoTimeout(deadlineMillis);
            socket.getOutputStream()
                    .write((new Request(plan.client(), sequence) + "\n").getBytes(StandardCharsets.UTF_8));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            Optional<Answer> answer = Optional.ofNullable(line).flatMap(Answer::parse);
            return new Outcome(plan, sequence, due, started, now(), answer, answer.isPresent() ? "" : "closed");
        } catch (IOException failure) {
            return new Outcome(plan, sequence, due, started, now(), Optional.empty(), wordFor(failure));
        }
    }

    private static String wordFor(IOException failure) {
        return switch (failure) {
            case SocketTimeoutException timeout -> "timeout";
            case ConnectException refused -> "refused";
            default -> "reset";
        };
    }

    private long now() {
        return System.nanoTime() - originNanos;
    }
}
