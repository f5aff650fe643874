package io.beringia.trust.ledger;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What happened, before a ledger says when and after what. Immutable. */
public final class LedgerEvent {
    private final EntryKind kind;
    private final Map<Field, CborValue> values;

    private LedgerEvent(EntryKind kind, Map<Field, CborValue> values) {
        this.kind = kind;
        this.values = values;
    }

    public static LedgerEvent of(EntryKind kind) {
        return new LedgerEvent(kind, Map.of());
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
        Map<Field, CborValue> more = new EnumMap<>(Field.class);
        more.putAll(values);
        more.put(field, value);
        return new LedgerEvent(kind, Collections.unmodifiableMap(more));
    }

    public EntryKind kind() {
        return kind;
    }

    Map<Field, CborValue> values() {
        return values;
    }

    @Override
    public String toString() {
        return kind + " " + values;
    }
}
