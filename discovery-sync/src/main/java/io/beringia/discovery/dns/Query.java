package io.beringia.discovery.dns;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One question as it came (RFC 1035 §4.1). Parsing never fails: what cannot be answered says why.
 *
 * @param id by which the asker knows its answer
 * @param flags of the header
 * @param name empty where it could not be read
 * @param type of the records that are asked for
 * @param problem why it can only be answered by a code; empty for a good question
 * @param payload how many bytes the asker takes in one datagram; empty without EDNS (RFC 6891)
 */
record Query(int id, int flags, Optional<DnsName> name, int type, Optional<Rcode> problem, OptionalInt payload) {
    static final int HEADER_BYTES = 12;
    static final int CLASS_IN = 1;
    static final int POINTER = 0xc0;

    private static final int RESPONSE = 0x8000;
    private static final int OPCODE = 0x7800;

    /** A question has a record of its options, and rarely a cookie or a signature; more is noise. */
    private static final int ADDITIONAL_MAX = 4;

    /** Empty for what must not be answered at all: too short for a header, or an answer itself. */
    static Optional<Query> parse(ByteBuffer packet) {
        if (packet.remaining() < HEADER_BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = packet.slice();
        int id = Short.toUnsignedInt(in.getShort());
        int flags = Short.toUnsignedInt(in.getShort());
        if ((flags & RESPONSE) != 0) {
            return Optional.empty();
        }
        Draft draft = new Draft();
        try {
            draft.read(flags, in);
        } catch (BufferUnderflowException | IllegalArgumentException broken) {
            draft.problem = Optional.of(Rcode.FORMAT_ERROR);
        }
        return Optional.of(new Query(id, flags, draft.name, draft.type, draft.problem, draft.payload));
    }

    boolean isRecursionDesired() {
        return (flags & 0x0100) != 0;
    }

    int opcodeBits() {
        return flags & OPCODE;
    }

    /** A question in the reading. Lives within one {@link #parse}. */
    private static final class Draft {
        private Optional<DnsName> name = Optional.empty();
        private int type;
        private Optional<Rcode> problem = Optional.empty();
        private OptionalInt payload = OptionalInt.empty();

        void read(int flags, ByteBuffer in) {
            int questions = Short.toUnsignedInt(in.getShort());
            int others = Short.toUnsignedInt(in.getShort()) + Short.toUnsignedInt(in.getShort());
            int additional = Short.toUnsignedInt(in.getShort());
            if ((flags & OPCODE) != 0) {
                problem = Optional.of(Rcode.NOT_IMPLEMENTED);
                return;
            }
            if (questions != 1 || others != 0 || additional > ADDITIONAL_MAX) {
                throw new IllegalArgumentException(
                        questions + " questions, " + others + " records (expected: one question)");
            }
            name = Optional.of(name(in));
            type = Short.toUnsignedInt(in.getShort());
            if (Short.toUnsignedInt(in.getShort()) != CLASS_IN) {
                problem = Optional.of(Rcode.REFUSED);
            }
            for (int i = 0; i < additional; i++) {
                additional(in);
            }
        }

        /** The only name in a question has nothing before it to point at. */
        private static DnsName name(ByteBuffer in) {
            List<String> labels = new ArrayList<>();
            for (int length = in.get() & 0xff; length != 0; length = in.get() & 0xff) {
                if (length >= POINTER) {
                    throw new IllegalArgumentException("a pointer (expected: a label)");
                }
                byte[] label = new byte[length];
                in.get(label);
                labels.add(new String(label, StandardCharsets.ISO_8859_1));
            }
            return DnsName.of(labels);
        }

        private void additional(ByteBuffer in) {
            skipName(in);
            int kind = Short.toUnsignedInt(in.getShort());
            int size = Short.toUnsignedInt(in.getShort());
            int version = in.getInt() >> 16 & 0xff;
            in.position(in.position() + checked(Short.toUnsignedInt(in.getShort()), in));
            if (kind == RecordType.OPT.number()) {
                if (payload.isPresent()) {
                    throw new IllegalArgumentException("two records of options (expected: one)");
                }
                payload = OptionalInt.of(size);
                if (version != 0) {
                    problem = Optional.of(Rcode.BAD_VERSION);
                }
            }
        }

        private static int checked(int length, ByteBuffer in) {
            if (length > in.remaining()) {
                throw new BufferUnderflowException();
            }
            return length;
        }

        private static void skipName(ByteBuffer in) {
            int length = in.get() & 0xff;
            while (length != 0 && length < POINTER) {
                in.position(in.position() + checked(length, in));
                length = in.get() & 0xff;
            }
            if (length >= POINTER) {
                in.get();
            }
        }
    }
}
