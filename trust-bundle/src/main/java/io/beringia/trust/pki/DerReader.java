package io.beringia.trust.pki;

import java.util.Arrays;

/** Walks DER elements one after the other; owned by one method. Refuses what is BER only: indefinite or padded lengths. */
final class DerReader {
    private static final int LENGTH_OCTETS_MAX = 3;

    private final byte[] der;
    private int at;

    DerReader(byte[] der) {
        this.der = der;
    }

    /** A tag octet and its content octets. */
    @SuppressWarnings("ArrayRecordComponent") // lives for one statement, is never compared
    record Element(int tag, byte[] content) {}

    boolean hasNext() {
        return at < der.length;
    }

    Element next() {
        int tag = octet();
        if ((tag & 0x1f) == 0x1f) {
            throw new IllegalArgumentException("DER: tag of several octets (expected: one)");
        }
        int length = length();
        if (length > der.length - at) {
            throw new IllegalArgumentException("DER: length " + length + " (expected: <= " + (der.length - at) + ")");
        }
        at += length;
        return new Element(tag, Arrays.copyOfRange(der, at - length, at));
    }

    byte[] next(int tag) {
        Element element = next();
        if (element.tag() != tag) {
            throw new IllegalArgumentException("DER: tag " + element.tag() + " (expected: " + tag + ")");
        }
        return element.content();
    }

    void end() {
        if (hasNext()) {
            throw new IllegalArgumentException("DER: " + (der.length - at) + " octets too many (expected: none)");
        }
    }

    private int octet() {
        if (!hasNext()) {
            throw new IllegalArgumentException("DER: cut at octet " + at + " (expected: another)");
        }
        return der[at++] & 0xff;
    }

    private int length() {
        int first = octet();
        if (first < 0x80) {
            return first;
        }
        int octets = first & 0x7f;
        if (octets == 0 || octets > LENGTH_OCTETS_MAX) {
            throw new IllegalArgumentException("DER: length of " + octets + " octets (expected: 1 to 3)");
        }
        int length = 0;
        for (int i = 0; i < octets; i++) {
            length = (length << 8) | octet();
        }
        if (length < 0x80 || (length >>> (8 * (octets - 1))) == 0) {
            throw new IllegalArgumentException("DER: padded length " + length + " (expected: the shortest form)");
        }
        return length;
    }
}
