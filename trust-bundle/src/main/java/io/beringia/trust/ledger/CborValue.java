package io.beringia.trust.ledger;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What a value in an entry can be; nothing nests deeper than one list of numbers. */
sealed interface CborValue {
    Field.Type type();

    record Whole(long value) implements CborValue {
        public Whole {
            if (value < 0) {
                throw new IllegalArgumentException("number: " + value + " (expected: >= 0)");
            }
        }

        @Override
        public Field.Type type() {
            return Field.Type.NUMBER;
        }
    }

    record Text(String value) implements CborValue {
        @Override
        public Field.Type type() {
            return Field.Type.TEXT;
        }
    }

    record Numbers(List<Long> values) implements CborValue {
        public Numbers {
            values = List.copyOf(values);
            values.forEach(Whole::new);
        }

        @Override
        public Field.Type type() {
            return Field.Type.NUMBERS;
        }
    }

    /** Compared by content. */
    final class Octets implements CborValue {
        private final byte[] value;

        Octets(byte[] value) {
            this.value = value.clone();
        }

        byte[] value() {
            return value.clone();
        }

        /** Without a copy, for the encoder alone. */
        byte[] shared() {
            return value;
        }

        @Override
        public Field.Type type() {
            return Field.Type.OCTETS;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Octets octets && Arrays.equals(value, octets.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return HexFormat.of().formatHex(value);
        }
    }
}
