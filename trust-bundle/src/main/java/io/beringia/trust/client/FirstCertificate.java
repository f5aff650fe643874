package io.beringia.trust.client;

import io.beringia.trust.client.RemoteCredentials.News;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Asks for the first certificate of a process that may be up before its issuance server is. Owned by the thread that
 * asks; how it waits between two attempts, and when it gives up, is its own affair.
 */
public final class FirstCertificate {
    private final RemoteSource source;
    private final RevocationWatch revocations;
    private final InstantSource clock;
    private final Consumer<News> onNews;
    private final SecureRandom random = new SecureRandom();
    private int failures;

    /**
     * From nobody whom {@code revocations} refuse. {@code onNews} hears of everything after the first certificate, on
     * threads of ours.
     */
    public FirstCertificate(
            RemoteSource source, RevocationWatch revocations, InstantSource clock, Consumer<News> onNews) {
        this.source = source;
        this.revocations = revocations;
        this.clock = clock;
        this.onNews = onNews;
    }

    /** What became of one attempt. */
    public sealed interface Attempt {
        record Got(RemoteCredentials credentials) implements Attempt {}

        /**
         * Refused or not reached.
         *
         * @param why without key material
         * @param pause before the next attempt: 250 ms, doubled up to 10 s, 20 % less or more
         */
        record NotYet(String why, Duration pause) implements Attempt {}
    }

    /**
     * Asks once; blocks for 10 s at most. Throws as {@link RemoteCredentials#open} where our own files cannot be used:
     * no waiting mends these.
     */
    public Attempt ask() {
        try {
            return new Attempt.Got(RemoteCredentials.open(source, revocations, clock, onNews));
        } catch (IllegalStateException none) {
            failures++;
            return new Attempt.NotYet(
                    String.valueOf(none.getMessage()), RenewalRules.untilFirstRetry(failures, random.nextDouble()));
        }
    }
}
