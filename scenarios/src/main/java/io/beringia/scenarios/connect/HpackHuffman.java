package io.beringia.scenarios.connect;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Reads strings in the Huffman code of HPACK (RFC 7541, appendix B). That code is canonical, so the lengths of its words say
 * all of it.
 */
final class HpackHuffman {
    private static final int END_OF_STRING = 256;
    private static final int LENGTH_MAX = 30;
    private static final int PADDING_BITS_MAX = 7;

    private static final int[] LENGTHS =
            Arrays.stream("""
            13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28 28 28 28 28 28 28 30 28
            28 28 28 28 28 28 28 28 6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6
            5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10 13 6 7 7 7 7 7 7
            7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 8 7 8 13 19 13 14 6
            15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5 6 7 6 5 5 6 7 7
            7 7 7 15 11 14 13 28 20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23
            24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24 22 21 20 22 22 23 23 21
            23 22 22 24 21 22 23 23 21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23
            26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25 19 21 26 27 27 26 27 24
            21 21 26 26 28 27 27 27 20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23
            26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26 30
            """.split("\\s+")).mapToInt(Integer::parseInt).toArray();

    /** Symbols by the order of their words. */
    private static final int[] SYMBOLS = IntStream.range(0, LENGTHS.length)
            .boxed()
            .sorted(Comparator.comparingInt((Integer symbol) -> LENGTHS[symbol])
                    .thenComparing(Comparator.naturalOrder()))
            .mapToInt(Integer::intValue)
            .toArray();

    /** By length: how many words have it. */
    private static final int[] COUNTS = new int[LENGTH_MAX + 1];

    static {
        Arrays.stream(LENGTHS).forEach(length -> COUNTS[length]++);
    }

    private HpackHuffman() {}

    /** Throws {@link IllegalArgumentException} for what is not in the code, or wrongly padded. */
    static byte[] decode(byte[] coded) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        Word word = new Word();
        for (byte eight : coded) {
            for (int bit = 7; bit >= 0; bit--) {
                int symbol = word.next(eight >> bit & 1);
                if (symbol == END_OF_STRING) {
                    throw new IllegalArgumentException("huffman: end of string (expected: never inside a string)");
                } else if (symbol >= 0) {
                    text.write(symbol);
                }
            }
        }
        if (!word.isPadding()) {
            throw new IllegalArgumentException("huffman: wrong padding (expected: at most 7 ones)");
        }
        return text.toByteArray();
    }

    /** The word that is being read. Owned by one decoding. */
    private static final class Word {
        private int length;
        private int code;
        private int first;
        private int index;

        /** The symbol whose word ends with this bit, or -1. */
        private int next(int bit) {
            length++;
            code = code << 1 | bit;
            first <<= 1;
            int count = COUNTS[length];
            if (code - first < count) {
                int symbol = SYMBOLS[index + code - first];
                length = code = first = index = 0;
                return symbol;
            }
            index += count;
            first += count;
            return -1;
        }

        private boolean isPadding() {
            return length <= PADDING_BITS_MAX && code == (1 << length) - 1;
        }
    }
}
