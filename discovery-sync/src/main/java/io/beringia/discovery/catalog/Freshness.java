package io.beringia.discovery.catalog;

import java.time.Duration;

/** How far what is known of a cluster may be believed. Absence of data never moves traffic: old values stay. */
public sealed interface Freshness {
    /** The same after nothing was heard for so long. */
    default Freshness olderBy(Duration time) {
        return switch (this) {
            case Live live -> new Stale(time);
            case Stale(Duration age) -> new Stale(age.plus(time));
            case Unknown unknown -> this;
        };
    }

    record Live() implements Freshness {}

    /** Nothing new for this long. */
    record Stale(Duration age) implements Freshness {}

    /** Nothing was ever heard since we started. */
    record Unknown() implements Freshness {}
}
