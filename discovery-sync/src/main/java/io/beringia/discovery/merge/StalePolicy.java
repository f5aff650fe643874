package io.beringia.discovery.merge;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What our own clients are told of a cluster that shows no sign of life, neither its control plane nor any way to it, for longer
 * than its lease. Whatever is chosen, nothing of it is removed, and all of it is back with the first sign.
 */
public enum StalePolicy {
    /** What it said last. */
    KEEP,
    /** The same, but only a hundredth of it, and behind everybody whose place is known. */
    DEPREFERENCE,
    /** That nothing of it can serve. */
    DROP;

    /** What remains of a capacity, at least 1 where something does. */
    private static final int PART = 100;

    /** As configuration, meters and operators name it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Empty where that is the word of none. */
    public static Optional<StalePolicy> ofWord(String word) {
        return Stream.of(values()).filter(policy -> policy.word().equals(word)).findFirst();
    }

    long of(long capacity) {
        return switch (this) {
            case KEEP -> capacity;
            case DEPREFERENCE -> capacity == 0 ? 0 : Math.max(1, capacity / PART);
            case DROP -> 0;
        };
    }
}
