package io.beringia.scenarios.attack;

import io.beringia.scenarios.connect.Field;
import io.beringia.scenarios.connect.Frame;
import io.beringia.scenarios.connect.FrameSocket;
import io.beringia.scenarios.connect.Hpack;
import io.beringia.scenarios.connect.HpackDecoder;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One HTTP/2 connection in the hands of somebody who may do anything with it. Whoever reads answers SETTINGS and PING and
 * gives credit back. One thread reads, another may send.
 */
final class Line implements AutoCloseable {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int PATIENCE_MILLIS = 10_000;

    private final FrameSocket socket;
    private final Site site;
    private final AtomicLong sent = new AtomicLong();
    private final HpackDecoder decoder = new HpackDecoder();
    private volatile Optional<Integer> goodbye = Optional.empty();

    private Line(FrameSocket socket, Site site) {
        this.socket = socket;
        this.site = site;
    }

    /** Shakes hands, and says nothing yet. */
    static Line secured(Site site) throws IOException {
        Socket wire = new Socket();
        wire.setTcpNoDelay(true);
        try {
            wire.connect(site.gateway(), PATIENCE_MILLIS);
            return new Line(new FrameSocket(site.identity().secure(wire, true, "h2", PATIENCE_MILLIS), wire), site);
        } catch (IOException failed) {
            wire.close();
            throw failed;
        }
    }

    /** With the preface and these SETTINGS. */
    static Line greeted(Site site, byte[] settings) throws IOException {
        Line line = secured(site);
        line.send(PREFACE);
        line.send(new Frame(Frame.SETTINGS, 0, 0, settings));
        return line;
    }

    void send(byte[] bytes) {
        sent.addAndGet(bytes.length);
        socket.write(bytes);
    }

    void send(Frame frame) {
        send(frame.bytes());
    }

    long sentBytes() {
        return sent.get();
    }

    /** A CONNECT to the service of the site. */
    Frame connect(int stream, Field... more) {
        return connect(stream, site.authority(), more);
    }

    static Frame connect(int stream, String authority, Field... more) {
        List<Field> fields =
                new ArrayList<>(List.of(new Field(":method", "CONNECT"), new Field(":authority", authority)));
        fields.addAll(List.of(more));
        return new Frame(Frame.HEADERS, Frame.END_HEADERS, stream, Hpack.encode(fields));
    }

    /** The next frame; empty when the other side has closed. Throws if nothing comes. */
    Optional<Frame> read(Duration within) throws SocketTimeoutException {
        Optional<Frame> frame = socket.read(within);
        frame.ifPresent(this::answer);
        return frame;
    }

    /** The code of the other side's GOAWAY, if it said one. */
    Optional<Integer> goodbye() {
        return goodbye;
    }

    private void answer(Frame frame) {
        switch (frame.type()) {
            case Frame.SETTINGS -> {
                if (!frame.has(Frame.ACK)) {
                    send(new Frame(Frame.SETTINGS, Frame.ACK, 0, new byte[0]));
                }
            }
            case Frame.PING -> {
                if (!frame.has(Frame.ACK)) {
                    send(new Frame(Frame.PING, Frame.ACK, 0, frame.payload()));
                }
            }
            case Frame.GOAWAY -> goodbye = Optional.of(frame.number(Integer.BYTES));
            case Frame.DATA -> giveBack(frame);
            default -> {
                // Nothing has to be said to it.
            }
        }
    }

    private void giveBack(Frame data) {
        int cost = data.payload().length;
        if (cost > 0) {
            send(Frame.windowUpdate(0, cost));
            if (!data.has(Frame.END_STREAM)) {
                send(Frame.windowUpdate(data.stream(), cost));
            }
        }
    }

    /** Reads on until that stream is answered; its status, or why there is none. */
    String status(int stream, Duration within) throws SocketTimeoutException {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            Optional<Frame> frame = read(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            if (frame.isEmpty()) {
                return "closed";
            }
            Frame next = frame.get();
            if (next.type() == Frame.HEADERS) {
                String status = status(next);
                if (next.stream() == stream) {
                    return status;
                }
            } else if (next.type() == Frame.RST_STREAM && next.stream() == stream) {
                return "reset " + next.number(0);
            }
        }
    }

    private String status(Frame headers) {
        return decoder.decode(headers.content()).stream()
                .filter(field -> field.name().equals(":status"))
                .map(Field::value)
                .findFirst()
                .orElse("none");
    }

    /** Eight bytes as a PING has them. */
    static byte[] ping(long content) {
        return ByteBuffer.allocate(Long.BYTES).putLong(content).array();
    }

    @Override
    public void close() {
        socket.close();
    }
}
