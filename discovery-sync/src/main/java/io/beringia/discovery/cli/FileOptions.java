package io.beringia.discovery.cli;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.explain.SnapshotCodec;
import io.beringia.discovery.snapshot.Snapshot;
import io.beringia.discovery.snapshot.SnapshotFile;
import io.beringia.discovery.snapshot.SnapshotTrust;
import io.beringia.discovery.snapshot.SnapshotVerdict;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which kept snapshots are believed. */
final class FileOptions {
    @Option(names = "--bundle", paramLabel = "FILE", description = "The roots of who signs snapshots: a PEM file.")
    private Optional<Path> bundle = Optional.empty();

    @Option(
            names = "--trust-domain",
            paramLabel = "NAME",
            defaultValue = "cluster.local",
            description = "Of which these roots are (default: ${DEFAULT-VALUE}).")
    private String trustDomain = "";

    @Option(names = "--cluster", paramLabel = "NAME", description = "Whose it must be (default: whose it says it is).")
    private Optional<String> cluster = Optional.empty();

    @Option(
            names = "--signer",
            converter = OperatorOptions.SpiffeIds.class,
            paramLabel = "ID",
            description = "Who must have signed it (default: anybody of that cluster).")
    private Optional<SpiffeId> signer = Optional.empty();

    @Option(
            names = "--max-age",
            paramLabel = "DURATION",
            defaultValue = "PT24H",
            description = "An older one is refused (default: ${DEFAULT-VALUE}).")
    private Duration maxAge = Duration.ZERO;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    SnapshotVerdict verdict(Path file) throws IOException {
        Path roots = bundle.orElseThrow(
                () -> new ParameterException(spec.commandLine(), "--bundle: missing (expected: a file of roots)"));
        return SnapshotFile.open(
                Files.readAllBytes(file),
                new SnapshotTrust(
                        new SpiffeVerifier(),
                        FileCredentials.roots(Map.of(new TrustDomain(trustDomain), roots)),
                        cluster.map(ClusterId::new),
                        signer,
                        maxAge),
                Instant.now());
    }

    /** Throws {@link IllegalArgumentException} where it is not to be believed. */
    Snapshot read(Path file) throws IOException {
        return switch (verdict(file)) {
            case SnapshotVerdict.Accepted accepted -> SnapshotCodec.decode(accepted.payload());
            case SnapshotVerdict.Refused refused ->
                throw new IllegalArgumentException(
                        file + ": " + refused.reason().word() + ", " + refused.detail());
        };
    }
}
