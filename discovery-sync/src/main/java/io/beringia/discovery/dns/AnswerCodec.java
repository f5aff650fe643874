package io.beringia.discovery.dns;

import io.beringia.discovery.catalog.IpAddress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An answer as bytes (RFC 1035 §4.1). The name that was asked for is repeated as it was written and pointed at; no other is
 * compressed. Pure.
 */
final class AnswerCodec {
    /** Without EDNS (RFC 1035 §2.3.4). */
    private static final int PLAIN_BYTES_MAX = 512;

    /** What passes every path in one piece (DNS flag day 2020). */
    static final int DATAGRAM_BYTES_MAX = 1_232;

    static final int TCP_BYTES_MAX = 65_535;

    private static final int RESPONSE = 0x8000;
    private static final int AUTHORITATIVE = 0x0400;
    private static final int TRUNCATED = 0x0200;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int POINTER_TO_QUESTION = 0xc000 | Query.HEADER_BYTES;

    private final Query query;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(PLAIN_BYTES_MAX);

    private AnswerCodec(Query query) {
        this.query = query;
    }

    /** As one datagram: what does not fit is left out, and said to be, so that the asker comes by TCP. */
    static byte[] datagram(Query query, Answer answer) {
        int max = query.payload().isPresent()
                ? Math.clamp(query.payload().getAsInt(), PLAIN_BYTES_MAX, DATAGRAM_BYTES_MAX)
                : PLAIN_BYTES_MAX;
        return fitting(query, answer, max);
    }

    static byte[] stream(Query query, Answer answer) {
        return fitting(query, answer, TCP_BYTES_MAX);
    }

    private static byte[] fitting(Query query, Answer answer, int max) {
        byte[] whole = new AnswerCodec(query).written(answer, 0);
        if (whole.length <= max) {
            return whole;
        }
        byte[] enough = new AnswerCodec(query).written(answer.withoutAdditional(), 0);
        return enough.length <= max
                ? enough
                : new AnswerCodec(query)
                        .written(
                                new Answer(answer.code(), answer.isAuthoritative(), List.of(), List.of(), List.of()),
                                TRUNCATED);
    }

    private byte[] written(Answer answer, int truncated) {
        boolean hasQuestion = query.name().isPresent();
        boolean hasOptions = query.payload().isPresent();
        u16(query.id());
        u16(RESPONSE
                | query.opcodeBits()
                | (answer.isAuthoritative() ? AUTHORITATIVE : 0)
                | truncated
                | (query.isRecursionDesired() ? RECURSION_DESIRED : 0)
                | answer.code().number() & 0xf);
        u16(hasQuestion ? 1 : 0);
        u16(answer.answers().size());
        u16(answer.authority().size());
        u16(answer.additional().size() + (hasOptions ? 1 : 0));
        query.name().ifPresent(name -> {
            labels(name);
            u16(query.type());
            u16(Query.CLASS_IN);
        });
        answer.answers().forEach(this::written);
        answer.authority().forEach(this::written);
        answer.additional().forEach(this::written);
        if (hasOptions) {
            options(answer.code());
        }
        return out.toByteArray();
    }

    /** Our size, version 0, and the upper bits of the code. */
    private void options(Rcode code) {
        out.write(0);
        u16(RecordType.OPT.number());
        u16(DATAGRAM_BYTES_MAX);
        u16(code.number() >> 4 << 8);
        u16(0);
        u16(0);
    }

    private void written(DnsRecord it) {
        if (query.name().filter(it.owner()::equals).isPresent()) {
            u16(POINTER_TO_QUESTION);
        } else {
            labels(it.owner());
        }
        AnswerCodec data = new AnswerCodec(query);
        u16(data.data(it).number());
        u16(Query.CLASS_IN);
        u32(it.ttl());
        byte[] bytes = data.out.toByteArray();
        u16(bytes.length);
        out.writeBytes(bytes);
    }

    /** Writes what it says and tells its type. */
    private RecordType data(DnsRecord it) {
        return switch (it) {
            case DnsRecord.Address address -> {
                IpAddress ip = address.ip();
                out.writeBytes(ip.bytes());
                yield ip.isV6() ? RecordType.AAAA : RecordType.A;
            }
            case DnsRecord.Service service -> {
                u16(service.priority());
                u16(service.weight());
                u16(service.port());
                labels(service.target());
                yield RecordType.SRV;
            }
            case DnsRecord.Text text -> {
                byte[] bytes = text.text().getBytes(StandardCharsets.ISO_8859_1);
                out.write(bytes.length);
                out.writeBytes(bytes);
                yield RecordType.TXT;
            }
            case DnsRecord.NameServer server -> {
                labels(server.server());
                yield RecordType.NS;
            }
            case DnsRecord.Pointer pointer -> {
                labels(pointer.target());
                yield RecordType.PTR;
            }
            case DnsRecord.Authority authority -> {
                labels(authority.server());
                labels(authority.mailbox());
                authority.times().forEach(this::u32);
                yield RecordType.SOA;
            }
        };
    }

    private void labels(DnsName name) {
        for (String label : name.labels()) {
            byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        out.write(0);
    }

    private void u16(int value) {
        out.write(value >> 8);
        out.write(value);
    }

    private void u32(long value) {
        u16((int) (value >> 16) & 0xffff);
        u16((int) value & 0xffff);
    }
}
