package io.beringia.discovery.explain;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.function.BiConsumer;

/** Values one after the other, as protobuf writes each, without tags: {@link PictureInput} reads the same again. Owned by one thread. */
final class PictureOutput {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    void text(String value) {
        written(() -> out.writeStringNoTag(value));
    }

    void number(long value) {
        written(() -> out.writeUInt64NoTag(value));
    }

    void flag(boolean value) {
        written(() -> out.writeBoolNoTag(value));
    }

    void bytes(byte[] value) {
        written(() -> out.writeByteArrayNoTag(value));
    }

    <T> void list(Collection<T> values, BiConsumer<PictureOutput, T> each) {
        number(values.size());
        values.forEach(value -> each.accept(this, value));
    }

    void texts(Collection<?> values) {
        list(values, (it, value) -> it.text(value.toString()));
    }

    byte[] written() {
        written(out::flush);
        return bytes.toByteArray();
    }

    private interface Write {
        void run() throws IOException;
    }

    private static void written(Write write) {
        try {
            write.run();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
