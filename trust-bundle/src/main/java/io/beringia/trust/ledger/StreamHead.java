package io.beringia.trust.ledger;

import java.util.EnumMap;

/** Where the next entry of one boot of one writer stands: numbered without a gap, and chained to the one before. */
record StreamHead(String writer, CborValue.Octets boot, long seq, Hash previous) {
    static StreamHead first(String writer, byte[] boot) {
        return new StreamHead(writer, new CborValue.Octets(boot), 0, Hash.NONE);
    }

    /** Throws {@link IllegalArgumentException} where the event is too long for any log. */
    byte[] encode(LedgerEvent event, long timeNanos) {
        EnumMap<Field, CborValue> values = event.values();
        values.put(Field.TIME, new CborValue.Whole(timeNanos));
        values.put(Field.WRITER, new CborValue.Text(writer));
        values.put(Field.BOOT, boot);
        values.put(Field.SEQ, new CborValue.Whole(seq));
        values.put(Field.PREVIOUS, new CborValue.Octets(previous.shared()));
        byte[] entry = LedgerEntry.write(values);
        if (entry.length > EntryBundle.ENTRY_BYTES_MAX) {
            throw new IllegalArgumentException("entry: " + event.kind() + " of " + entry.length
                    + " octets (expected: <= " + EntryBundle.ENTRY_BYTES_MAX + ")");
        }
        return entry;
    }

    StreamHead after(Hash leaf) {
        return new StreamHead(writer, boot, seq + 1, leaf);
    }
}
