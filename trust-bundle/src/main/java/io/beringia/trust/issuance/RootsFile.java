package io.beringia.trust.issuance;

import io.beringia.trust.TrustTelemetry;
import io.beringia.trust.federation.Foreign;
import io.beringia.trust.federation.ForeignRoots;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.pki.PemFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Publishes the accepted roots: ours from a file, and beside them those of foreign trust domains; again whenever there are
 * other ones. The virtual thread {@code roots} owns it; what cannot be used is told once, and the last good roots stay.
 */
final class RootsFile implements AutoCloseable {
    /** A new root is to be everywhere within a second; reading a file of a few kilobytes costs nothing. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final Path file;
    private final Supplier<RootRules> current;
    private final OwnCredentials own;
    private final Supplier<Foreign> foreign;
    private final IssuanceRecord record;
    private final TrustTelemetry telemetry;
    private final Thread thread = Thread.ofVirtual().name("roots").unstarted(this::repeat);
    private String lastFault = "";
    private List<String> lastAlarms = List.of();

    RootsFile(
            Path file,
            Supplier<RootRules> current,
            OwnCredentials own,
            Supplier<Foreign> foreign,
            IssuanceRecord record,
            TrustTelemetry telemetry) {
        this.file = file;
        this.current = current;
        this.own = own;
        this.foreign = foreign;
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

    /** A fault in our own file keeps our own roots; it does not keep a foreign domain's that was withdrawn. */
    private void look() {
        RootRules rules = current.get();
        TrustBundles published = own.bundles();
        Foreign fetched = foreign.get();
        List<X509Certificate> roots = usable(rules).orElse(published.rootsOf(rules.trustDomain()));
        ForeignRoots beside = ForeignRoots.beside(roots, fetched.roots());
        tellNew(beside.alarms());
        rules.next(published, roots, beside.roots(), later(fetched.changed())).ifPresent(bundles -> {
            record.published(bundles);
            own.trust(bundles);
            telemetry.rootsPublished(bundles);
        });
    }

    private Optional<List<X509Certificate>> usable(RootRules rules) {
        try {
            List<X509Certificate> roots = read(file);
            Optional<String> fault = rules.fault(roots);
            fault.ifPresentOrElse(this::tellOnce, () -> lastFault = "");
            return fault.isEmpty() ? Optional.of(roots) : Optional.empty();
        } catch (IllegalArgumentException | UncheckedIOException unusable) {
            tellOnce(String.valueOf(unusable.getMessage()));
            return Optional.empty();
        }
    }

    /** A file that is gone has no time: then what was fetched is the newest there is. */
    private Instant later(Instant fetched) {
        try {
            Instant ours = written(file);
            return ours.isAfter(fetched) ? ours : fetched;
        } catch (UncheckedIOException gone) {
            return fetched;
        }
    }

    private void tellNew(List<String> alarms) {
        alarms.stream().filter(alarm -> !lastAlarms.contains(alarm)).forEach(telemetry::rootsAlarmed);
        lastAlarms = alarms;
    }

    private void tellOnce(String why) {
        if (!why.equals(lastFault)) {
            lastFault = why;
            telemetry.rootsKept(why);
        }
    }

    /** Each once, however often it stands there: peers are told every one. Throws as {@link PemFile} does. */
    static List<X509Certificate> read(Path file) {
        return PemFile.certificates(file).stream().distinct().toList();
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
