package io.beringia.trust.issuance;

import io.beringia.trust.TrustTelemetry;
import io.beringia.trust.pki.PemFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Publishes the accepted roots from a file, and again whenever other ones lie in it. The virtual thread {@code roots} owns
 * it; what cannot be used is told once, and the last good roots stay.
 */
final class RootsFile implements AutoCloseable {
    /** A new root is to be everywhere within a second; reading a file of a few kilobytes costs nothing. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final Path file;
    private final RootRules rules;
    private final OwnCredentials own;
    private final IssuanceRecord record;
    private final TrustTelemetry telemetry;
    private final Thread thread = Thread.ofVirtual().name("roots").unstarted(this::repeat);
    private String lastFault = "";

    RootsFile(Path file, RootRules rules, OwnCredentials own, IssuanceRecord record, TrustTelemetry telemetry) {
        this.file = file;
        this.rules = rules;
        this.own = own;
        this.record = record;
        this.telemetry = telemetry;
    }

    void start() {
        record.published(own.bundles());
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void repeat() {
        try {
            while (true) {
                Thread.sleep(LOOK_EVERY);
                look();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            Instant written = written(file);
            List<X509Certificate> roots = PemFile.certificates(file);
            switch (rules.next(own.bundles(), roots, written)) {
                case RootRules.Same same -> lastFault = "";
                case RootRules.Publish(var bundles) -> {
                    lastFault = "";
                    record.published(bundles);
                    own.trust(bundles);
                    telemetry.rootsPublished(bundles);
                }
                case RootRules.Keep(String why) -> tellOnce(why);
            }
        } catch (IllegalArgumentException | UncheckedIOException unusable) {
            tellOnce(String.valueOf(unusable.getMessage()));
        }
    }

    private void tellOnce(String why) {
        if (!why.equals(lastFault)) {
            lastFault = why;
            telemetry.rootsKept(why);
        }
    }

    /** Throws {@link UncheckedIOException} where there is no such file. */
    static Instant written(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException("roots: " + file + " (expected: a readable file)", e);
        }
    }
}
