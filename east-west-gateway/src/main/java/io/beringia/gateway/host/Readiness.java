package io.beringia.gateway.host;

import io.beringia.discovery.wire.ProbeQuestion;
import java.time.Duration;

/**
 * How a host finds out whether its application may be called, as the {@code readinessProbe} of an Istio WorkloadGroup says
 * it. Inert.
 *
 * @param question what the application is asked
 * @param period between two questions
 * @param timeout of one answer
 * @param successes in a row after which it is healthy
 * @param failures in a row after which it is not
 */
public record Readiness(ProbeQuestion question, Duration period, Duration timeout, int successes, int failures) {
    /** Istio's. */
    public static final Duration DEFAULT_PERIOD = Duration.ofSeconds(10);

    /** Istio's, and Kubernetes'. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);

    public static final int DEFAULT_SUCCESSES = 1;

    /** Of Kubernetes: one answer that is late takes nobody out. */
    public static final int DEFAULT_FAILURES = 3;

    private static final Duration PERIOD_MIN = Duration.ofMillis(100);
    private static final Duration PERIOD_MAX = Duration.ofMinutes(5);
    static final int ROW_MAX = 100;

    public Readiness {
        requireWithin("period", period, PERIOD_MAX);
        requireWithin("timeout", timeout, PERIOD_MAX);
        requireRow("successes", successes);
        requireRow("failures", failures);
    }

    private static void requireWithin(String key, Duration value, Duration most) {
        if (value.compareTo(PERIOD_MIN) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "host.readiness." + key + ": " + value + " (expected: " + PERIOD_MIN + " to " + most + ")");
        }
    }

    private static void requireRow(String key, int value) {
        if (value < 1 || value > ROW_MAX) {
            throw new IllegalArgumentException(
                    "host.readiness." + key + ": " + value + " (expected: 1.." + ROW_MAX + ")");
        }
    }
}
