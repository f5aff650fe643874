package io.beringia.gateway.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.catalog.Way;
import io.beringia.gateway.LogLines;
import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.http2.GoAway;
import io.beringia.gateway.outbound.DialFailure;
import io.beringia.gateway.relay.Relay;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.routing.Baggage;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostTelemetryTest {
    private static final SpiffeId PEER = SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/client");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HostTelemetry telemetry = new HostTelemetry(meters);

    @Test
    void every_meter_stands_in_the_readme_and_no_other() throws IOException {
        telemetry.outboundOpened("echo.demo:80", 1);
        telemetry.connectionRetired();
        telemetry.applicationIs(HostReport.HEALTHY);
        telemetry.attemptFailed("echo.demo:80", new OutboundFailure.NotReady());
        telemetry.peerLimited(PEER, "streams");
        telemetry.peerRejected(RejectReason.NO_PATH, "none");
        telemetry.drained(Residue.NOTHING);
        telemetry.tunnelShed();
        telemetry.goAwayHeard("outbound", PEER, new GoAway(Reset.CANCEL, 1, "why"));
        telemetry.outboundEnded(new Relay.Tally(1, 2, Optional.empty(), new Relay.Ending.Finished()));
        assertThat(meters.getMeters().stream()
                        .map(meter -> meter.getId().getName())
                        .collect(Collectors.toSet()))
                .isEqualTo(documented());
    }

    /** An application may ask for any bytes, and a gateway may answer with any reason. */
    @Test
    @ResourceLock("log of io.beringia")
    void foreign_text_reaches_the_log_escaped() {
        String asked = "x\r\n\u001b[2K\" why=\u00e4";
        String lines = logged(() -> {
            telemetry.outboundOpened(asked, 1);
            telemetry.attemptFailed(asked, new OutboundFailure.Dial(new DialFailure.Answered(503, asked)));
            telemetry.outboundFailed(asked, new OutboundFailure.NoWay(Way.Reason.UNKNOWN_HOST, asked));
            SourceFacts source = new SourceFacts(new Baggage(asked, asked, asked), asked);
            telemetry.inboundOpened(PEER, source, 80);
            telemetry.inboundRefused(PEER, source, "no-endpoint", asked);
            telemetry.inboundEnded(PEER, source, new Relay.Tally(1, 2, Optional.empty(), new Relay.Ending.Finished()));
            telemetry.handshakeFailed("bad-identity", asked);
            telemetry.peerRejected(RejectReason.BAD_IDENTITY, asked);
            telemetry.goAwayHeard("inbound", PEER, new GoAway(Reset.CANCEL, 1, asked));
        });
        assertThat(lines.lines().filter(line -> line.contains("x\\u000d\\u000a\\u001b[2K\\u0022 why=\\u00e4")))
                .as(lines)
                .hasSize(9);
        assertThat(lines).doesNotContain(asked);
    }

    /** A caller says it as often as it wants, and a goodbye is ordinary. */
    @ParameterizedTest
    @CsvSource({"outbound, 8, WARN", "outbound, 0, DEBUG", "inbound, 8, DEBUG"})
    @ResourceLock("log of io.beringia")
    void only_a_goaway_of_whom_we_called_is_a_warning(String direction, long code, String level) {
        assertThat(logged(() -> telemetry.goAwayHeard(direction, PEER, new GoAway(new Reset(code), 1, "why"))))
                .endsWith(" " + level);
    }

    private static String logged(Runnable saying) {
        try (LogLines log = LogLines.of(HostTelemetry.class.getName())) {
            saying.run();
            return String.join("\n", log.lines());
        }
    }

    private static Set<String> documented() throws IOException {
        return Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.startsWith("| `host."))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .collect(Collectors.toSet());
    }
}
