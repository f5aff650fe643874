package io.beringia.discovery.wire;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;

/** Words that several messages have in common. Any thread. */
final class WireValues {
    private static final int NANOS_END = 1_000_000_000;

    private WireValues() {}

    static com.google.protobuf.Duration duration(Duration it) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(it.getSeconds())
                .setNanos(it.getNano())
                .build();
    }

    /** A stretch of time, at least zero. */
    static Duration duration(String what, com.google.protobuf.Duration it) {
        if (it.getSeconds() < 0 || it.getNanos() < 0 || it.getNanos() >= NANOS_END) {
            throw new IllegalArgumentException(
                    what + ": " + it.getSeconds() + " s " + it.getNanos() + " ns (expected: at least zero)");
        }
        return Duration.ofSeconds(it.getSeconds(), it.getNanos());
    }

    static Timestamp timestamp(Instant it) {
        return Timestamp.newBuilder()
                .setSeconds(it.getEpochSecond())
                .setNanos(it.getNano())
                .build();
    }

    static Instant instant(String what, Timestamp it) {
        long seconds = it.getSeconds();
        int nanos = it.getNanos();
        if (seconds < Instant.MIN.getEpochSecond()
                || seconds > Instant.MAX.getEpochSecond()
                || nanos < 0
                || nanos >= NANOS_END) {
            throw new IllegalArgumentException(
                    what + ": " + seconds + " s " + nanos + " ns (expected: a moment that a calendar has)");
        }
        return Instant.ofEpochSecond(seconds, nanos);
    }

    /** The constant that has the same name on both sides. */
    static <E extends Enum<E>> E named(String what, Class<E> type, Enum<?> word) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(word.name())) {
                return constant;
            }
        }
        throw new IllegalArgumentException(what + ": " + word.name() + " (expected: a word of this version)");
    }
}
