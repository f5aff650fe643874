package io.beringia.scenarios.connect;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of a connection, through a tunnel of the target, as a client's proxy carries the inner tunnel of two. Gives so much
 * credit that it never waits for any, and is for clients that say little themselves.
 */
final class TunnelFront {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int STREAM = 1;
    private static final int CREDIT = 1 << 30;
    private static final int CHUNK_BYTES = 16_384;

    private TunnelFront() {}

    static Front before(SuiteTarget target) throws IOException {
        return new Front("tunnel-front", target, (near, tls, wire) -> {
            FrameSocket far = new FrameSocket(tls, wire);
            open(far, target.service());
            Thread.ofVirtual().start(() -> pumpUp(near, far));
            pumpDown(far, near);
        });
    }

    private static void open(FrameSocket far, String service) {
        far.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        far.write(new Frame(Frame.SETTINGS, 0, 0, Setting.payload(List.of("INITIAL_WINDOW_SIZE=" + CREDIT))).bytes());
        far.write(Frame.windowUpdate(0, CREDIT).bytes());
        far.write(new Frame(
                        Frame.HEADERS,
                        Frame.END_HEADERS,
                        STREAM,
                        Hpack.encode(List.of(new Field(":method", "CONNECT"), new Field(":authority", service))))
                .bytes());
    }

    private static void pumpUp(Socket near, FrameSocket far) {
        try {
            InputStream in = near.getInputStream();
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                far.write(new Frame(Frame.DATA, 0, STREAM, Arrays.copyOf(chunk, read)).bytes());
            }
            far.close();
        } catch (IOException cut) {
            far.close();
        }
    }

    private static void pumpDown(FrameSocket far, Socket near) throws IOException {
        for (Optional<Frame> next = far.read(PATIENCE); next.isPresent(); next = far.read(PATIENCE)) {
            Frame frame = next.get();
            switch (frame.type()) {
                case Frame.DATA -> near.getOutputStream().write(frame.content());
                case Frame.PING -> far.write(new Frame(Frame.PING, Frame.ACK, 0, frame.payload()).bytes());
                case Frame.SETTINGS -> {
                    if (!frame.has(Frame.ACK)) {
                        far.write(new Frame(Frame.SETTINGS, Frame.ACK, 0, new byte[0]).bytes());
                    }
                }
                default -> {
                    // Its answer is not waited for: what comes behind it says as much.
                }
            }
            if (frame.type() == Frame.RST_STREAM || frame.type() == Frame.DATA && frame.has(Frame.END_STREAM)) {
                return;
            }
        }
    }
}
