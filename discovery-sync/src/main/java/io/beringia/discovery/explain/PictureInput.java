package io.beringia.discovery.explain;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collector;

/**
 * What a {@link PictureOutput} wrote. Throws {@link IllegalArgumentException} where there is nothing of the kind; nothing is
 * allocated by a length alone. Owned by one thread.
 */
final class PictureInput {
    private final CodedInputStream in;

    /** Of all that remains. */
    PictureInput(ByteBuffer bytes) {
        this.in = CodedInputStream.newInstance(bytes);
        in.setSizeLimit(Integer.MAX_VALUE);
    }

    String text() {
        return read(in::readStringRequireUtf8);
    }

    long number() {
        return read(in::readUInt64);
    }

    int small() {
        return Math.toIntExact(inRange(number()));
    }

    private static long inRange(long value) {
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("snapshot: " + value + " (expected: 0 to " + Integer.MAX_VALUE + ")");
        }
        return value;
    }

    boolean flag() {
        return read(in::readBool);
    }

    byte[] bytes() {
        return read(in::readByteArray);
    }

    <T> List<T> list(Function<PictureInput, T> each) {
        int size = small();
        List<T> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            values.add(each.apply(this));
        }
        return values;
    }

    <T, R> R list(Function<PictureInput, T> each, Collector<T, ?, R> into) {
        return list(each).stream().collect(into);
    }

    /** One of these, by its name. */
    <T extends Enum<T>> T word(Class<T> of) {
        return Enum.valueOf(of, text());
    }

    private interface Read<T> {
        T run() throws IOException;
    }

    private static <T> T read(Read<T> read) {
        try {
            return read.run();
        } catch (IOException broken) {
            throw new IllegalArgumentException("snapshot: " + broken.getMessage(), broken);
        }
    }
}
