package io.beringia.scenarios.attack;

import io.beringia.scenarios.attack.Attack.Siege;
import io.beringia.scenarios.connect.Frame;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Whoever takes his time before the first tunnel. */
final class SlowAttacks {
    /** Each step of the way to the first request may take so long. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final Duration TICK = Duration.ofMillis(200);
    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int HELLO_BYTES = 1_500;
    private static final int SIXTEEN_MIB = 0xff_ff_ff;

    private SlowAttacks() {}

    static List<Attack> all() {
        return List.of(
                Siege.slow("A8", "TCP and no more", who -> {
                    who.wire();
                    who.goesTooFarAfter(DEADLINE);
                }),
                Siege.slow("A8", "half a ClientHello", who -> {
                    OutputStream out = who.wire().getOutputStream();
                    who.goesTooFarAfter(DEADLINE);
                    send(who, out, hello(HELLO_BYTES, HELLO_BYTES / 2));
                }),
                Siege.slow("A8", "a ClientHello byte by byte", who -> {
                    OutputStream out = who.wire().getOutputStream();
                    who.goesTooFarAfter(DEADLINE);
                    for (byte one : hello(HELLO_BYTES, HELLO_BYTES)) {
                        send(who, out, new byte[] {one});
                        who.pause(TICK);
                    }
                }),
                Siege.slow("A8", "no preface", who -> {
                    who.secure();
                    who.goesTooFarAfter(DEADLINE);
                }),
                Siege.slow("A8", "a preface byte by byte", who -> dribble(who, who.secure(), PREFACE)),
                Siege.slow("A8", "HEADERS that are never finished", who -> {
                    Line line = who.greet();
                    who.goesTooFarAfter(DEADLINE);
                    line.send(new Frame(Frame.HEADERS, 0, 1, line.connect(1).payload()));
                }),
                Siege.slow("A8", "HEADERS byte by byte", who -> {
                    Line line = who.greet();
                    dribble(who, line, line.connect(1).bytes());
                }),
                Siege.slow("A9", "a ClientHello of 16 MiB in 9 bytes", who -> {
                    OutputStream out = who.wire().getOutputStream();
                    who.goesTooFarAfter(DEADLINE);
                    send(who, out, Arrays.copyOf(hello(SIXTEEN_MIB, 4), 9));
                }),
                Siege.flood("A9", "a ClientHello of 16 MiB in small records", who -> {
                    OutputStream out = who.wire().getOutputStream();
                    who.goesTooFar();
                    send(who, out, hello(SIXTEEN_MIB, 4));
                    byte[] records = records(1, 1_000);
                    while (who.goesOn()) {
                        send(who, out, records);
                    }
                }),
                Siege.flood("A9", "a ClientHello of 15 KiB in records of 1 byte", who -> {
                    OutputStream out = who.wire().getOutputStream();
                    who.goesTooFar();
                    send(who, out, hello(15_360, 4));
                    send(who, out, records(1, 15_360));
                }));
    }

    private static void dribble(Attacker who, Line line, byte[] bytes) throws InterruptedException {
        who.goesTooFarAfter(DEADLINE);
        for (byte one : bytes) {
            if (who.goesOn()) {
                line.send(new byte[] {one});
                who.pause(TICK);
            }
        }
    }

    private static void send(Attacker who, OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        who.sent(bytes.length);
    }

    /** One record with the beginning of a ClientHello (RFC 8446, 4 and 5.1) that says it is so long. */
    private static byte[] hello(int length, int sent) {
        return ByteBuffer.allocate(5 + sent)
                .put((byte) HANDSHAKE)
                .putShort((short) 0x0301)
                .putShort((short) sent)
                .put((byte) CLIENT_HELLO)
                .put((byte) (length >> 16))
                .putShort((short) length)
                .array();
    }

    /** Handshake records of so many bytes. */
    private static byte[] records(int bytes, int count) {
        ByteBuffer all = ByteBuffer.allocate((5 + bytes) * count);
        while (all.hasRemaining()) {
            all.put((byte) HANDSHAKE)
                    .putShort((short) 0x0303)
                    .putShort((short) bytes)
                    .put(new byte[bytes]);
        }
        return all.array();
    }
}
