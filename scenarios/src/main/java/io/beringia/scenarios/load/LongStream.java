package io.beringia.scenarios.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A connection that stays open and asks again and again, so that one sees when it is cut. Owned by its virtual thread;
 * {@link #view()} may be read by any.
 */
public final class LongStream implements AutoCloseable {
    private static final long PAUSE_NANOS = 250_000_000L;

    private final LoadPlan plan;
    private final long originNanos;
    private final Thread thread;
    private volatile View view = new View(Optional.empty(), 0, Optional.empty());
    private volatile boolean stopping;

    private LongStream(LoadPlan plan, long originNanos) {
        this.plan = plan;
        this.originNanos = originNanos;
        this.thread = Thread.ofVirtual().name("stream/" + plan.client()).unstarted(this::run);
    }

    public static LongStream start(LoadPlan plan, long originNanos) {
        LongStream stream = new LongStream(plan, originNanos);
        stream.thread.start();
        return stream;
    }

    /**
     * Where the stream stands.
     *
     * @param region that serves it; empty before the first answer
     * @param answers so far
     * @param brokenNanos when it was cut, since the start of the load; empty while it lives
     */
    public record View(Optional<String> region, long answers, Optional<Long> brokenNanos) {}

    public LoadPlan plan() {
        return plan;
    }

    public View view() {
        return view;
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
    }

    private void run() {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(plan.target());
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (long sequence = 0; !stopping; sequence++) {
                ask(socket, lines, sequence);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException cut) {
            if (!stopping) {
                view = new View(view.region(), view.answers(), Optional.of(System.nanoTime() - originNanos));
            }
        }
    }

    private void ask(Socket socket, BufferedReader lines, long sequence) throws IOException {
        socket.getOutputStream().write((new Request(plan.client(), sequence) + "\n").getBytes(StandardCharsets.UTF_8));
        Answer answer = Optional.ofNullable(lines.readLine())
                .flatMap(Answer::parse)
                .orElseThrow(() -> new IOException("closed"));
        view = new View(Optional.of(answer.region()), view.answers() + 1, Optional.empty());
    }
}
