package io.beringia.discovery.catalog;

import java.time.Duration;

/** How far what is known of a cluster may be believed. Absence of data never moves traffic: old values stay. */
public sealed interface Freshness {
    record Live() implements Freshness {}

    /** Nothing new for this long. */
    record Stale(Duration age) implements Freshness {}

    /** Nothing was ever heard since we started. */
    record Unknown() implements Freshness {}
}
