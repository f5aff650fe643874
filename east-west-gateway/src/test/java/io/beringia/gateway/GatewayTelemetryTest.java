package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.http2.GoAway;
import io.beringia.gateway.inbound.TunnelRecord;
import io.beringia.gateway.outbound.Cost;
import io.beringia.gateway.outbound.DialFailure;
import io.beringia.gateway.overload.OverloadLevel;
import io.beringia.gateway.overload.Shortage;
import io.beringia.gateway.relay.Relay;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.routing.Authority;
import io.beringia.gateway.routing.Candidate;
import io.beringia.gateway.routing.Carried;
import io.beringia.gateway.routing.ConnectRequest;
import io.beringia.gateway.routing.ListenerRole;
import io.beringia.gateway.routing.PeerIdentity;
import io.beringia.gateway.routing.Refusal;
import io.beringia.gateway.routing.Text;
import io.beringia.gateway.tls.HandshakeResult;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class GatewayTelemetryTest {
    private static final SpiffeId CLIENT = SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/client");
    private static final GatewayAddress GATEWAY = new GatewayAddress(
            new ClusterId("west-1"),
            new RegionId("us-west"),
            new Network("net-west"),
            "gateway-0",
            SocketAddress.parse("10.0.0.2:15008"),
            CLIENT,
            Health.HEALTHY,
            1);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final GatewayTelemetry telemetry = new GatewayTelemetry(meters);

    @Test
    void every_meter_stands_in_the_readme_and_no_other() throws Exception {
        Candidate.Backend pod = new Candidate.Backend("uid", SocketAddress.parse("10.0.0.1:15008"));
        telemetry.connectionsOpen(() -> 1);
        telemetry.connectionOpened(ListenerRole.HBONE);
        telemetry.handshakeFailed(ListenerRole.HBONE, new HandshakeResult.Failed("tls", "alert"));
        telemetry.tunnelOpened(ListenerRole.RELAY);
        telemetry.tunnelRefused(ListenerRole.RELAY, Refusal.NO_ENDPOINT, CLIENT, "none");
        telemetry.tunnelAbandoned(ListenerRole.RELAY);
        telemetry.dialFailed(pod, new DialFailure.TimedOut());
        telemetry.attempted(Cost.HEDGE);
        telemetry.forgedHeaders(CLIENT, List.of("x-beringia-hop"));
        telemetry.regionMismatch(CLIENT);
        telemetry.identityMismatch(CLIENT, CLIENT);
        telemetry.peerRejected(RejectReason.NO_PATH, "none");
        telemetry.pathChanged(GATEWAY, PathState.UP, PathState.SUSPECT);
        telemetry.troublesChanged(GATEWAY, List.of(), List.of(PathTrouble.MTU));
        telemetry.probeFailed(new RegionId("us-west"), "border", "timeout");
        telemetry.sightingDropped();
        telemetry.connectionRetired();
        telemetry.drained(Residue.NOTHING);
        telemetry.peerLimited(CLIENT, "streams");
        telemetry.tunnelShed();
        telemetry.goAwayHeard("client", CLIENT, new GoAway(Reset.CANCEL, 1, "why"));
        telemetry.overloadChanged(
                OverloadLevel.NONE, OverloadLevel.REFUSING, new Shortage(9, 10, 0, 1, 0, 100, Duration.ZERO));
        telemetry.connectionsShed(1);
        telemetry.connectionRefused("peer");
        telemetry.handshakeDelayed("source");
        telemetry.tunnelsOpen(() -> 1);
        telemetry.peersKnown(() -> 1);
        telemetry.directMemory(() -> 1);
        telemetry.bytesHeld(() -> 1);
        telemetry.hangs("us-east/0");
        telemetry.reportsLost("discovery:15035", "away");
        telemetry.tunnelClosed(new TunnelRecord(
                ListenerRole.HBONE,
                new InetSocketAddress("127.0.0.1", 1),
                new PeerIdentity(CLIENT, Optional.empty()),
                new ConnectRequest(new Authority("echo.demo", 80), Optional.empty(), Carried.NOTHING),
                pod,
                Optional.empty(),
                new InetSocketAddress("127.0.0.1", 2),
                Optional.empty(),
                new Relay.Tally(1, 2, Optional.empty(), new Relay.Ending.Finished()),
                Duration.ofMillis(3)));
        Set<String> registered = meters.getMeters().stream()
                .map(meter -> meter.getId().getName())
                .collect(Collectors.toSet());
        assertThat(registered).isEqualTo(documented());
    }

    private static Set<String> documented() throws Exception {
        return Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.startsWith("| `gateway."))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .collect(Collectors.toSet());
    }

    @Test
    void text_of_peers_is_escaped_and_cut() {
        assertThat(Text.bare("a\nb\"c\u0000")).isEqualTo("a\\u000ab\\u0022c\\u0000");
        assertThat(Text.bare("x".repeat(10_000))).isEqualTo("x".repeat(256) + "...");
        assertThat(Text.bare("k8s.pod.name=web")).isEqualTo("k8s.pod.name=web");
    }
}
