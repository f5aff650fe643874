package io.beringia.trust.ledger;

import java.util.Arrays;
import java.util.Optional;

/** One value of an entry: its key in the record and what it may be. Keys are for ever: they are added, never changed. */
public enum Field {
    KIND(0, Type.NUMBER),
    /** Unix time in nanoseconds. */
    TIME(1, Type.NUMBER),
    WRITER(2, Type.TEXT),
    /** 16 random octets of this start of the writer. */
    BOOT(3, Type.OCTETS),
    /** From 0 on within a boot. */
    SEQ(4, Type.NUMBER),
    /** One of {@link Decision}. */
    DECISION(5, Type.NUMBER),
    /** The word that log and metric have for it. */
    REASON(6, Type.TEXT),
    SOURCE_ID(7, Type.TEXT),
    DESTINATION_ID(8, Type.TEXT),
    /** First 16 octets of the SHA-256 of the source's leaf. */
    SOURCE_LEAF(9, Type.OCTETS),
    /** The same of its root. */
    SOURCE_ROOT(10, Type.OCTETS),
    /** Of the trust bundles that decided. */
    GENERATION(11, Type.NUMBER),
    POLICY_VERSION(12, Type.TEXT),
    AUTHORITY(13, Type.TEXT),
    /** 16 octets; the same at both gateways of a connection. */
    CONNECTION(14, Type.OCTETS),
    /** Up, then down. */
    BYTES(15, Type.NUMBERS),
    /** Hash of the leaf before this one in the same boot. */
    PREVIOUS(16, Type.OCTETS),
    /** TLS accepted and failed, connections allowed, denied, closed; connections open now. */
    COUNTERS(17, Type.NUMBERS),
    SERIAL(18, Type.OCTETS),
    /** Unix time in seconds. */
    NOT_AFTER(19, Type.NUMBER),
    EPOCH(20, Type.NUMBER),
    DECISION_SEQ(21, Type.NUMBER),
    ACTOR(22, Type.TEXT),
    PAYLOAD(23, Type.OCTETS),
    PAYLOAD_SHA256(24, Type.OCTETS),
    REQUESTED_ID(25, Type.TEXT),
    POD_UID(26, Type.TEXT),
    NODE(27, Type.TEXT),
    /** Events since the last heartbeat that found no room or no disk. */
    LOST(28, Type.NUMBER),
    PREVIOUS_BOOT(29, Type.OCTETS),
    PREVIOUS_SEQ(30, Type.NUMBER),
    /** Hash of the last leaf of the boot before. */
    PREVIOUS_LEAF(31, Type.OCTETS),
    /** The gateway at the other end, where that is one of ours: {@code cluster/name}, or its cluster alone. */
    PEER(32, Type.TEXT),
    /** 16 octets by which a process of ours tells itself from others of its name. */
    INSTANCE(33, Type.OCTETS);

    private final int key;
    private final Type type;

    Field(int key, Type type) {
        this.key = key;
        this.type = type;
    }

    enum Type {
        NUMBER,
        TEXT,
        OCTETS,
        NUMBERS
    }

    int key() {
        return key;
    }

    Type type() {
        return type;
    }

    static Optional<Field> of(long key) {
        return Arrays.stream(values()).filter(field -> field.key == key).findFirst();
    }
}
