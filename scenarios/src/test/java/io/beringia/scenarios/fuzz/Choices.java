package io.beringia.scenarios.fuzz;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * An input read as decisions, from its front: a fuzzer that changes one byte changes one decision. Whatever is decided
 * after the end of the input is zero or empty. Owned by one run.
 */
public final class Choices {
    private final ByteBuffer input;

    public Choices(byte[] input) {
        this.input = ByteBuffer.wrap(input.clone());
    }

    public boolean isLeft() {
        return input.hasRemaining();
    }

    /** 0 to 255. */
    public int octet() {
        return isLeft() ? input.get() & 0xff : 0;
    }

    /** Four bytes. */
    public int word() {
        return octet() << 24 | octet() << 16 | octet() << 8 | octet();
    }

    /** 0 to {@code bound - 1}, of at most 256. */
    public int below(int bound) {
        return octet() % bound;
    }

    /** Once in so many bytes. */
    public boolean oneIn(int many) {
        return below(many) == many - 1;
    }

    public <T> T of(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    /** At most 255 bytes, their number first. */
    public byte[] bytes() {
        return next(octet());
    }

    /** {@link #bytes()}, one character a byte. */
    public String text() {
        return new String(bytes(), StandardCharsets.ISO_8859_1);
    }

    /** All that is left. */
    public byte[] rest() {
        return next(input.remaining());
    }

    /** These bytes with something put in the place of some of them. */
    public byte[] bent(byte[] bytes) {
        int from = Math.min(bytes.length, octet() << 8 | octet());
        int to = Math.min(bytes.length, from + octet());
        byte[] put = bytes();
        return ByteBuffer.allocate(from + put.length + bytes.length - to)
                .put(bytes, 0, from)
                .put(put)
                .put(bytes, to, bytes.length - to)
                .array();
    }

    private byte[] next(int count) {
        int from = input.position();
        input.position(from + Math.min(count, input.remaining()));
        return Arrays.copyOfRange(input.array(), from, input.position());
    }
}
