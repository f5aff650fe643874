package io.beringia.gateway.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.relay.Relay;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class HostTelemetryTest {
    private static final SpiffeId PEER = SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/client");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HostTelemetry telemetry = new HostTelemetry(meters);

    @Test
    void every_meter_stands_in_the_readme_and_no_other() throws IOException {
        telemetry.outboundOpened("echo.demo:80", 1);
        telemetry.attemptFailed("echo.demo:80", new OutboundFailure.NotReady());
        telemetry.peerLimited(PEER, "streams");
        telemetry.peerRejected(RejectReason.NO_PATH, "none");
        telemetry.drained(Residue.NOTHING);
        telemetry.ended("outbound", new Relay.Tally(1, 2, new Relay.Ending.Finished()));
        assertThat(meters.getMeters().stream()
                        .map(meter -> meter.getId().getName())
                        .collect(Collectors.toSet()))
                .isEqualTo(documented());
    }

    private static Set<String> documented() throws IOException {
        return Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.startsWith("| `host."))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .collect(Collectors.toSet());
    }
}
