package io.beringia.discovery.dns;

import io.beringia.discovery.catalog.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Asks one name server one thing, for people and for tests: by UDP, and by TCP where the answer was cut. */
public final class DnsClient {
    /** Pointers may point at pointers, but each of them backwards: a name has not more than this. */
    private static final int POINTERS_MAX = 128;

    private final InetSocketAddress server;
    private final Duration answerMax;

    public DnsClient(InetSocketAddress server, Duration answerMax) {
        this.server = server;
        this.answerMax = answerMax;
    }

    /**
     * What came.
     *
     * @param code its number
     * @param records all of them, as text, by section
     */
    public record Reply(int code, boolean isAuthoritative, boolean isTruncated, List<Line> records) {
        public Reply {
            records = List.copyOf(records);
        }

        /** Those of one section, {@code answer}, {@code authority} or {@code additional}. */
        public List<String> of(String section) {
            return records.stream()
                    .filter(line -> line.section().equals(section))
                    .map(Line::text)
                    .toList();
        }
    }

    public record Line(String section, String text) {}

    /** @param id should be one that nobody can guess */
    public Reply ask(String name, RecordType type, int id) throws IOException {
        Reply reply = udp(question(name, type, id), id);
        return reply.isTruncated() ? tcp(question(name, type, id), id) : reply;
    }

    /** By TCP at once. */
    public Reply askByTcp(String name, RecordType type, int id) throws IOException {
        return tcp(question(name, type, id), id);
    }

    private Reply udp(byte[] question, int id) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout((int) answerMax.toMillis());
            socket.connect(server);
            socket.send(new DatagramPacket(question, question.length));
            DatagramPacket packet =
                    new DatagramPacket(new byte[AnswerCodec.DATAGRAM_BYTES_MAX], AnswerCodec.DATAGRAM_BYTES_MAX);
            socket.receive(packet);
            return parsed(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()), id);
        }
    }

    private Reply tcp(byte[] question, int id) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server, (int) answerMax.toMillis());
            socket.setSoTimeout((int) answerMax.toMillis());
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(2 + question.length)
                            .putShort((short) question.length)
                            .put(question)
                            .array());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            return parsed(ByteBuffer.wrap(answer), id);
        }
    }

    private static byte[] question(String name, RecordType type, int id) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(Query.HEADER_BYTES)
                .putShort((short) id)
                .putShort((short) 0)
                .putShort((short) 1)
                .putInt(0)
                .putShort((short) 1)
                .array());
        for (String label : DnsName.parse(name).labels()) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        out.writeBytes(ByteBuffer.allocate(16)
                .put((byte) 0)
                .putShort((short) type.number())
                .putShort((short) Query.CLASS_IN)
                .put((byte) 0)
                .putShort((short) RecordType.OPT.number())
                .putShort((short) AnswerCodec.DATAGRAM_BYTES_MAX)
                .putInt(0)
                .putShort((short) 0)
                .array());
        return out.toByteArray();
    }

    private static Reply parsed(ByteBuffer in, int id) throws IOException {
        try {
            ByteBuffer packet = in.slice();
            int answered = Short.toUnsignedInt(packet.getShort());
            int flags = Short.toUnsignedInt(packet.getShort());
            if (answered != (id & 0xffff)) {
                throw new IOException("answer " + answered + " (expected: " + (id & 0xffff) + ")");
            }
            int questions = Short.toUnsignedInt(packet.getShort());
            int[] counts = {
                Short.toUnsignedInt(packet.getShort()),
                Short.toUnsignedInt(packet.getShort()),
                Short.toUnsignedInt(packet.getShort())
            };
            for (int i = 0; i < questions; i++) {
                var _ = name(packet);
                packet.getInt();
            }
            List<Line> lines = new ArrayList<>();
            records(packet, "answer", counts[0], lines);
            records(packet, "authority", counts[1], lines);
            records(packet, "additional", counts[2], lines);
            return new Reply(flags & 0xf, (flags & 0x0400) != 0, (flags & 0x0200) != 0, lines);
        } catch (BufferUnderflowException | IllegalArgumentException broken) {
            throw new IOException("answer: broken (expected: a DNS message)", broken);
        }
    }

    private static void records(ByteBuffer in, String section, int count, List<Line> into) {
        for (int i = 0; i < count; i++) {
            String owner = name(in);
            int number = Short.toUnsignedInt(in.getShort());
            in.getShort();
            int ttl = in.getInt();
            int length = Short.toUnsignedInt(in.getShort());
            int end = in.position() + length;
            if (number != RecordType.OPT.number()) {
                String type = RecordType.of(number).map(Enum::name).orElse("TYPE" + number);
                into.add(new Line(section, owner + " " + ttl + " " + type + " " + data(in, number, length)));
            }
            in.position(end);
        }
    }

    private static String data(ByteBuffer in, int number, int length) {
        return RecordType.of(number)
                .map(type -> switch (type) {
                    case A, AAAA -> IpAddress.of(bytes(in, length)).toString();
                    case NS, PTR -> name(in);
                    case TXT -> "\"" + shown(bytes(in, in.get() & 0xff)) + "\"";
                    case SRV -> u16(in) + " " + u16(in) + " " + u16(in) + " " + name(in);
                    case SOA ->
                        name(in) + " " + name(in) + " " + u32(in) + " " + u32(in) + " " + u32(in) + " " + u32(in) + " "
                                + u32(in);
                    case OPT -> "";
                })
                .orElseGet(() -> length + " bytes");
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** As RFC 1035, 5.1 writes what cannot stand in a line: a server may have put anything there. */
    private static String shown(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte one : bytes) {
            int c = one & 0xff;
            text.append(c > ' ' && c < 0x7f && c != '"' && c != '\\' ? "" + (char) c : String.format("\\%03d", c));
        }
        return text.toString();
    }

    private static int u16(ByteBuffer in) {
        return Short.toUnsignedInt(in.getShort());
    }

    private static long u32(ByteBuffer in) {
        return Integer.toUnsignedLong(in.getInt());
    }

    private static String name(ByteBuffer in) {
        StringBuilder text = new StringBuilder();
        int after = -1;
        int pointers = 0;
        for (int length = in.get() & 0xff; length != 0; length = in.get() & 0xff) {
            if (length >= Query.POINTER) {
                int target = (length & 0x3f) << 8 | in.get() & 0xff;
                after = after < 0 ? in.position() : after;
                if (++pointers > POINTERS_MAX) {
                    throw new IllegalArgumentException("name: a loop of pointers (expected: an end)");
                }
                in.position(target);
            } else {
                text.append(shown(bytes(in, length))).append('.');
            }
        }
        if (after >= 0) {
            in.position(after);
        }
        return text.isEmpty() ? "." : text.toString();
    }

    /** As people know it. */
    public static String word(int code) {
        return switch (code) {
            case 0 -> "NOERROR";
            case 1 -> "FORMERR";
            case 2 -> "SERVFAIL";
            case 3 -> "NXDOMAIN";
            case 4 -> "NOTIMP";
            case 5 -> "REFUSED";
            default -> String.format(Locale.ROOT, "RCODE%d", code);
        };
    }
}
