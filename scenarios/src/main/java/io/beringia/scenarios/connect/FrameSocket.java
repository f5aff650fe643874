package io.beringia.scenarios.connect;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/** Frames on a connection, one after the other. Blocking; owned by one case. */
public final class FrameSocket implements AutoCloseable {
    private final Socket socket;
    private final Socket wire;
    private final InputStream in;
    private final OutputStream out;
    private boolean closed;

    /** @param wire the connection below TLS, which is closed without a word: TLS would wait for the other side's */
    public FrameSocket(Socket socket, Socket wire) throws IOException {
        this(socket, wire, socket.getInputStream(), socket.getOutputStream());
    }

    private FrameSocket(Socket socket, Socket wire, InputStream in, OutputStream out) {
        this.socket = socket;
        this.wire = wire;
        this.in = in;
        this.out = out;
    }

    /** A connection that the other side refused. */
    static FrameSocket closed() {
        return new FrameSocket(
                new Socket(), new Socket(), InputStream.nullInputStream(), OutputStream.nullOutputStream());
    }

    /** A peer that is gone takes no more; what that means is said by what it sent before. */
    public void write(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException gone) {
            // Whatever it sent before it left can still be read.
        }
    }

    /** Empty, from then on, when the peer has closed the connection. Throws if nothing comes within that. */
    public Optional<Frame> read(Duration within) throws SocketTimeoutException {
        if (closed) {
            return Optional.empty();
        }
        try {
            socket.setSoTimeout((int) Math.max(1, within.toMillis()));
            return Optional.of(frame());
        } catch (SocketTimeoutException nothing) {
            throw nothing;
        } catch (IOException gone) {
            closed = true;
            return Optional.empty();
        }
    }

    private Frame frame() throws IOException {
        byte[] head = exactly(Frame.HEAD_BYTES);
        int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
        int stream = (head[5] & 0x7f) << 24 | (head[6] & 0xff) << 16 | (head[7] & 0xff) << 8 | head[8] & 0xff;
        return new Frame(head[3] & 0xff, head[4] & 0xff, stream, exactly(length));
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("frame: cut off after " + bytes.length + " bytes (expected: " + length + ")");
        }
        return bytes;
    }

    @Override
    public void close() {
        try {
            wire.close();
        } catch (IOException gone) {
            // It is closed then.
        }
    }
}
