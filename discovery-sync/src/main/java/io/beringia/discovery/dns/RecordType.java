package io.beringia.discovery.dns;

import java.util.Optional;
import java.util.stream.Stream;

/** Types of records that we know (RFC 1035, 2782, 3596). */
public enum RecordType {
    A(1),
    NS(2),
    SOA(6),
    PTR(12),
    TXT(16),
    AAAA(28),
    SRV(33),
    OPT(41);

    private final int number;

    RecordType(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static Optional<RecordType> of(int number) {
        return Stream.of(values()).filter(one -> one.number == number).findFirst();
    }
}
