package io.beringia.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.TrustDomain;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class TrustTelemetryTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `((?:trust|ledger)\\.[a-z.]+)` \\| [`a-z, ]*\\|");

    @Test
    void the_readme_lists_every_meter() throws IOException {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        TrustTelemetry telemetry = new TrustTelemetry(meters, InstantSource.system());
        LedgerTelemetry ledger = new LedgerTelemetry(meters, "issuance", List.of("west"));
        FederationTelemetry federation = new FederationTelemetry(
                meters, Map.of(TrustDomain.parse("partner.example"), Instant.EPOCH), InstantSource.system());
        RevocationTelemetry revocation = new RevocationTelemetry(meters);
        RotationTelemetry rotation = new RotationTelemetry(meters);
        WorkloadTelemetry workload = new WorkloadTelemetry(meters);
        VerdictTelemetry verdicts = new VerdictTelemetry(new SpiffeVerifier(), meters);
        Set<String> known = meters.getMeters().stream()
                .map(meter -> meter.getId().getName())
                .collect(Collectors.toSet());

        assertThat(List.of(telemetry, ledger, federation, revocation, rotation, workload, verdicts))
                .as("registered at once")
                .hasSize(7);
        assertThat(metricsOf(Files.readString(Path.of("README.md"))))
                .as("table")
                .isEqualTo(known);
    }

    private static Set<String> metricsOf(String readme) {
        String table = readme.substring(readme.indexOf("## Metrics"), readme.indexOf("## On its own"));
        return ROW.matcher(table).results().map(row -> row.group(1)).collect(Collectors.toSet());
    }
}
