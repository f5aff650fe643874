package io.beringia.trust.ledger;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One record: an octet of its version, then a map in deterministic CBOR. Keys that we do not know are kept, a later
 * version wrote them. Immutable.
 */
public final class LedgerEntry {
    private static final int VERSION = 1;
    private static final List<Field> NEEDED =
            List.of(Field.KIND, Field.TIME, Field.WRITER, Field.BOOT, Field.SEQ, Field.PREVIOUS);

    private final SortedMap<Long, CborValue> values;

    private LedgerEntry(SortedMap<Long, CborValue> values) {
        this.values = Collections.unmodifiableSortedMap(values);
        NEEDED.forEach(this::value);
        for (Map.Entry<Long, CborValue> entry : values.entrySet()) {
            Field.of(entry.getKey())
                    .filter(field -> field.type() != entry.getValue().type())
                    .ifPresent(field -> {
                        throw new IllegalArgumentException("entry: " + field + " of type "
                                + entry.getValue().type() + " (expected: " + field.type() + ")");
                    });
        }
        previous();
    }

    /** The entry of these values, among which is what every entry has: fields are declared in the order of their keys. */
    static byte[] write(EnumMap<Field, CborValue> values) {
        CborWriter writer = new CborWriter(VERSION, values.size());
        values.forEach((field, value) -> writer.pair(field.key(), value));
        return writer.bytes();
    }

    /** The inverse of {@link #bytes()}; throws {@link IllegalArgumentException} on everything else. */
    public static LedgerEntry parse(byte[] octets) {
        return new LedgerEntry(CborReader.read(VERSION, octets));
    }

    public byte[] bytes() {
        CborWriter writer = new CborWriter(VERSION, values.size());
        values.forEach(writer::pair);
        return writer.bytes();
    }

    /** Empty for a kind that a later version writes. */
    public Optional<EntryKind> kind() {
        return number(Field.KIND).flatMap(EntryKind::of);
    }

    public long timeNanos() {
        return number(Field.TIME).orElseThrow();
    }

    public String writer() {
        return text(Field.WRITER).orElseThrow();
    }

    public long seq() {
        return number(Field.SEQ).orElseThrow();
    }

    Hash previous() {
        return Hash.of(octets(Field.PREVIOUS).orElseThrow());
    }

    CborValue boot() {
        return value(Field.BOOT);
    }

    public Optional<Long> number(Field field) {
        return values.get((long) field.key()) instanceof CborValue.Whole(long number)
                ? Optional.of(number)
                : Optional.empty();
    }

    public Optional<String> text(Field field) {
        return values.get((long) field.key()) instanceof CborValue.Text(String text)
                ? Optional.of(text)
                : Optional.empty();
    }

    public Optional<byte[]> octets(Field field) {
        return values.get((long) field.key()) instanceof CborValue.Octets octets
                ? Optional.of(octets.value())
                : Optional.empty();
    }

    public List<Long> numbers(Field field) {
        return values.get((long) field.key()) instanceof CborValue.Numbers(List<Long> numbers) ? numbers : List.of();
    }

    private CborValue value(Field field) {
        CborValue value = values.get((long) field.key());
        if (value == null) {
            throw new IllegalArgumentException("entry: no " + field + " (expected: every entry has one)");
        }
        return value;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        values.forEach((key, value) -> text.append(text.isEmpty() ? "" : " ")
                .append(Field.of(key).map(Field::name).orElse("KEY_" + key))
                .append('=')
                .append(shown(value)));
        return text.toString();
    }

    private static String shown(CborValue value) {
        return switch (value) {
            case CborValue.Whole(long number) -> Long.toString(number);
            case CborValue.Text(String text) -> Quoted.of(text);
            case CborValue.Numbers(List<Long> numbers) -> numbers.toString();
            case CborValue.Octets octets -> octets.toString();
        };
    }
}
