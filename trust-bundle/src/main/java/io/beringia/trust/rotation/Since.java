package io.beringia.trust.rotation;

import java.time.Instant;

/** What was seen, and since when it was never seen otherwise. */
public record Since<T>(T value, Instant since) {}
