package io.beringia.discovery.catalog;

/**
 * Smoothed round trip and its variation, as RFC 6298 (section 2) has them.
 *
 * @param smoothedNanos zero while nothing was measured
 */
public record RoundTrip(long smoothedNanos, long variationNanos) {
    public static final RoundTrip UNMEASURED = new RoundTrip(0, 0);

    /** With one sample more; {@code sampleNanos} is above zero. */
    public RoundTrip with(long sampleNanos) {
        return smoothedNanos == 0
                ? new RoundTrip(sampleNanos, sampleNanos / 2)
                : new RoundTrip(
                        smoothedNanos - smoothedNanos / 8 + sampleNanos / 8,
                        variationNanos - variationNanos / 4 + Math.abs(smoothedNanos - sampleNanos) / 4);
    }
}
