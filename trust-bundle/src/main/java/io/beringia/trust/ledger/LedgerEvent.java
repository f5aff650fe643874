package io.beringia.trust.ledger;

import java.util.EnumMap;
import java.util.List;
import java.util.Optional;

/** What happened, before a ledger says when and after what. Immutable. */
public final class LedgerEvent {
    private final EntryKind kind;
    private final EnumMap<Field, CborValue> values;

    private LedgerEvent(EntryKind kind, EnumMap<Field, CborValue> values) {
        this.kind = kind;
        this.values = values;
    }

    public static LedgerEvent of(EntryKind kind) {
        return new LedgerEvent(kind, new EnumMap<>(Field.class));
    }

    public LedgerEvent with(Field field, long number) {
        return with(field, new CborValue.Whole(number));
    }

    public LedgerEvent with(Field field, String text) {
        return with(field, new CborValue.Text(text));
    }

    public LedgerEvent with(Field field, byte[] octets) {
        return with(field, new CborValue.Octets(octets));
    }

    public LedgerEvent with(Field field, List<Long> numbers) {
        return with(field, new CborValue.Numbers(numbers));
    }

    public LedgerEvent with(Decision decision) {
        return with(Field.DECISION, decision.number());
    }

    /** Throws {@link IllegalArgumentException} on a value that the field does not take: a mistake of ours. */
    LedgerEvent with(Field field, CborValue value) {
        if (field.type() != value.type()) {
            throw new IllegalArgumentException(field + ": " + value.type() + " (expected: " + field.type() + ")");
        }
        EnumMap<Field, CborValue> more = values.clone();
        more.put(field, value);
        return new LedgerEvent(kind, more);
    }

    public EntryKind kind() {
        return kind;
    }

    Optional<CborValue> value(Field field) {
        return Optional.ofNullable(values.get(field));
    }

    /** A copy, with the kind: an entry lacks only its place. */
    EnumMap<Field, CborValue> values() {
        EnumMap<Field, CborValue> all = values.clone();
        all.put(Field.KIND, new CborValue.Whole(kind.number()));
        return all;
    }

    @Override
    public String toString() {
        return kind + " " + values;
    }
}
