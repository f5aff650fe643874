package io.beringia.scenarios.connect;

import java.io.ByteArrayOutputStream;
import java.net.SocketTimeoutException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * One HTTP/2 connection as its client sees it: what came is sorted by stream, PING and SETTINGS are answered, and credit is
 * given back, unless the case does that itself. Everything else is sent as it is said. Blocking; owned by one case.
 */
final class Conversation implements AutoCloseable {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int PING_BYTES = 8;
    private static final int DATA_BYTES_MAX = 16_384;

    private final FrameSocket socket;
    /** A target that does not read must not stop the case that watches it. */
    private final ExecutorService writer =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());

    private final boolean givesCredit;
    private final Duration patience;
    private final HpackDecoder decoder = new HpackDecoder();
    private final Map<Integer, Deque<StreamEvent>> events = new HashMap<>();
    private final Map<Integer, Long> credit = new HashMap<>();
    private final Map<Setting, Integer> settings = new EnumMap<>(Setting.class);
    private final Set<Long> pongs = new HashSet<>();
    private final SendWindows windows = new SendWindows();
    private Optional<Integer> goodbye = Optional.empty();
    private Optional<Frame> unfinished = Optional.empty();
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private long pings;
    private int acknowledged;
    private boolean greeted;
    private boolean closed;

    Conversation(FrameSocket socket, boolean givesCredit, Duration patience) {
        this.socket = socket;
        this.givesCredit = givesCredit;
        this.patience = patience;
    }

    /** Sends the preface, and waits for the other side's SETTINGS. */
    void greet(byte[] settingsPayload) throws Unmet {
        send(PREFACE);
        send(new Frame(Frame.SETTINGS, 0, 0, settingsPayload));
        await("SETTINGS", () -> greeted);
    }

    void send(byte[] bytes) {
        writer.execute(() -> socket.write(bytes));
    }

    void send(Frame frame) {
        send(frame.bytes());
    }

    /** DATA within the windows that the other side gives. */
    void sendData(int stream, byte[] bytes, boolean ended) throws Unmet {
        for (int sent = 0; sent < bytes.length; ) {
            await("WINDOW_UPDATE", () -> windows.room(stream) > 0);
            int size = Math.min(Math.min(bytes.length - sent, DATA_BYTES_MAX), windows.room(stream));
            byte[] chunk = new byte[size];
            System.arraycopy(bytes, sent, chunk, 0, size);
            sent += size;
            windows.take(stream, size);
            send(new Frame(Frame.DATA, ended && sent == bytes.length ? Frame.END_STREAM : 0, stream, chunk));
        }
        if (bytes.length == 0) {
            send(new Frame(Frame.DATA, ended ? Frame.END_STREAM : 0, stream, bytes));
        }
    }

    /** Whatever the windows say. */
    void sendAll(List<Frame> frames) {
        frames.forEach(this::send);
    }

    /** DATA for which both windows have room; of the connection's alone, for stream 0. */
    int room(int stream) {
        return windows.room(stream);
    }

    /** DATA for which the window of the stream alone has room. */
    int roomOf(int stream) {
        return windows.roomOf(stream);
    }

    /** The next thing that is said on a stream; empty if the connection ends before. */
    Optional<StreamEvent> nextOrClosed(int stream) throws Unmet {
        Deque<StreamEvent> queue = queue(stream);
        await("something on stream " + stream + ", or the end of the connection", () -> closed || !queue.isEmpty());
        return Optional.ofNullable(queue.poll());
    }

    /** The next thing that is said on a stream. */
    StreamEvent next(int stream) throws Unmet {
        Deque<StreamEvent> queue = queue(stream);
        await("something on stream " + stream, () -> !queue.isEmpty());
        return queue.removeFirst();
    }

    /** Something that was taken and is not used up. */
    void putBack(int stream, StreamEvent event) {
        queue(stream).addFirst(event);
    }

    /** Whether something was said on a stream that nobody took. */
    Optional<StreamEvent> untaken(int stream) {
        return Optional.ofNullable(queue(stream).peekFirst());
    }

    /** A PING and its answer: what was sent before has been read, and what the other side said to it is here. */
    void roundTrip() throws Unmet {
        long content = ask();
        await("the answer to a PING", () -> pongs.contains(content));
    }

    /** Whether a PING is answered; no, if the connection ends. */
    boolean isAnswered() throws Unmet {
        long content = ask();
        await("the answer to a PING, or the end of the connection", () -> closed || pongs.contains(content));
        return pongs.contains(content);
    }

    private long ask() {
        long content = ++pings;
        send(new Frame(
                Frame.PING,
                0,
                0,
                ByteBuffer.allocate(PING_BYTES).putLong(content).array()));
        return content;
    }

    void awaitAcknowledged(int times) throws Unmet {
        await("the acknowledgement of SETTINGS", () -> acknowledged >= times);
    }

    void awaitCredit(int stream, long bytes) throws Unmet {
        await(bytes + " bytes of credit on stream " + stream, () -> credit.getOrDefault(stream, 0L) >= bytes);
    }

    Optional<Integer> setting(Setting which) {
        return Optional.ofNullable(settings.get(which));
    }

    /** Reads until the other side has closed the connection; the code of its GOAWAY, if it said one. */
    Optional<Integer> awaitClosed() throws Unmet {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!closed) {
            pump("the end of the connection", deadline);
        }
        return goodbye;
    }

    /** The code of a stream's reset, or of the GOAWAY before the connection ended, if it said one. */
    Optional<Integer> awaitResetOrClosed(int stream) throws Unmet {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!closed) {
            StreamEvent event = queue(stream).poll();
            if (event instanceof StreamEvent.WasReset was) {
                return Optional.of(was.code());
            }
            if (event == null) {
                pump("RST_STREAM, or the end of the connection", deadline);
            }
        }
        return goodbye;
    }

    private Deque<StreamEvent> queue(int stream) {
        return events.computeIfAbsent(stream, _ -> new ArrayDeque<>());
    }

    private void await(String what, BooleanSupplier happened) throws Unmet {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!happened.getAsBoolean()) {
            if (closed) {
                throw new Unmet("connection closed"
                        + goodbye.map(Conversation::withGoodbye).orElse("") + " (expected: " + what + ")");
            }
            pump(what, deadline);
        }
    }

    private static String withGoodbye(int code) {
        return " with GOAWAY(" + Http2Error.word(code) + ")";
    }

    private void pump(String what, long deadline) throws Unmet {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (left.isNegative()) {
            throw new Unmet("nothing in " + patience.toSeconds() + " s (expected: " + what + ")");
        }
        try {
            Optional<Frame> frame = socket.read(left);
            closed = frame.isEmpty();
            if (frame.isPresent()) {
                on(frame.get());
            }
        } catch (SocketTimeoutException nothing) {
            throw new Unmet("nothing in " + patience.toSeconds() + " s (expected: " + what + ")");
        } catch (IllegalArgumentException
                | IndexOutOfBoundsException
                | NegativeArraySizeException
                | BufferUnderflowException wrong) {
            throw new Unmet("a frame that cannot be read: " + wrong.getMessage() + " (expected: " + what + ")");
        }
    }

    private void on(Frame frame) {
        switch (frame.type()) {
            case Frame.DATA -> onData(frame);
            case Frame.HEADERS, Frame.CONTINUATION -> onFields(frame);
            case Frame.RST_STREAM -> queue(frame.stream()).add(new StreamEvent.WasReset(frame.number(0)));
            case Frame.SETTINGS -> onSettings(frame);
            case Frame.PING -> onPing(frame);
            case Frame.GOAWAY -> goodbye = Optional.of(frame.number(Integer.BYTES));
            case Frame.WINDOW_UPDATE -> {
                credit.merge(frame.stream(), (long) frame.number(0), Long::sum);
                windows.give(frame.stream(), frame.number(0));
            }
            default -> {
                // Frames that are unknown, and PRIORITY, mean nothing to us.
            }
        }
    }

    private void onData(Frame frame) {
        byte[] content = frame.content();
        if (content.length > 0) {
            queue(frame.stream()).add(new StreamEvent.Received(Bytes.of(content)));
        }
        int cost = frame.payload().length;
        if (givesCredit && cost > 0) {
            send(Frame.windowUpdate(0, cost));
            if (!frame.has(Frame.END_STREAM)) {
                send(Frame.windowUpdate(frame.stream(), cost));
            }
        }
        ended(frame);
    }

    private void ended(Frame frame) {
        if (frame.has(Frame.END_STREAM)) {
            queue(frame.stream()).add(new StreamEvent.Ended());
        }
    }

    private void onFields(Frame frame) {
        Frame first = unfinished.orElse(frame);
        block.writeBytes(frame.type() == Frame.HEADERS ? frame.content() : frame.payload());
        unfinished = Optional.of(first);
        if (frame.has(Frame.END_HEADERS)) {
            queue(frame.stream()).add(new StreamEvent.Answer(decoder.decode(block.toByteArray())));
            ended(first);
            block.reset();
            unfinished = Optional.empty();
        }
    }

    private void onSettings(Frame frame) {
        if (frame.has(Frame.ACK)) {
            acknowledged++;
            return;
        }
        greeted = true;
        ByteBuffer payload = ByteBuffer.wrap(frame.payload());
        while (payload.remaining() >= Setting.BYTES) {
            int id = payload.getShort();
            int value = payload.getInt();
            for (Setting setting : Setting.values()) {
                if (setting.id() == id) {
                    settings.put(setting, value);
                }
            }
        }
        setting(Setting.INITIAL_WINDOW_SIZE).ifPresent(windows::initial);
        send(new Frame(Frame.SETTINGS, Frame.ACK, 0, new byte[0]));
    }

    private void onPing(Frame frame) {
        if (frame.has(Frame.ACK)) {
            pongs.add(ByteBuffer.wrap(frame.payload()).getLong());
        } else {
            send(new Frame(Frame.PING, Frame.ACK, 0, frame.payload()));
        }
    }

    @Override
    public void close() {
        socket.close();
        writer.shutdown();
    }
}
