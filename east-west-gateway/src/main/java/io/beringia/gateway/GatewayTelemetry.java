package io.beringia.gateway;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.http2.GoAway;
import io.beringia.gateway.inbound.TunnelRecord;
import io.beringia.gateway.outbound.Cost;
import io.beringia.gateway.outbound.DialFailure;
import io.beringia.gateway.overload.OverloadLevel;
import io.beringia.gateway.overload.Shortage;
import io.beringia.gateway.relay.Transport;
import io.beringia.gateway.routing.Baggage;
import io.beringia.gateway.routing.Candidate;
import io.beringia.gateway.routing.ListenerRole;
import io.beringia.gateway.routing.Refusal;
import io.beringia.gateway.routing.Text;
import io.beringia.gateway.tls.HandshakeResult;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.ledger.Traffic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Every meter and log sentence of the gateway. Any thread. */
public final class GatewayTelemetry {
    private static final Logger LOG = LoggerFactory.getLogger("io.beringia.gateway");
    private static final Logger ACCESS = LoggerFactory.getLogger("io.beringia.gateway.access");

    private final MeterRegistry meters;

    public GatewayTelemetry(MeterRegistry meters) {
        this.meters = meters;
    }

    public void started(GatewayConfig config, Transport transport) {
        LOG.atInfo()
                .addKeyValue("region", config.region())
                .addKeyValue("gateway", config.gateway())
                .addKeyValue("hbone", config.hbone())
                .addKeyValue("relay", config.relay().map(Object::toString).orElse("none"))
                .addKeyValue("transport", transport.word())
                .log("gateway listens");
        if (config.allowLoopback()) {
            LOG.atWarn().addKeyValue("gateway", config.gateway()).log("loopback may be dialled: for labs only");
        }
    }

    public void handshakeFailed(ListenerRole role, HandshakeResult.Failed failed) {
        count("gateway.handshakes.failed", "listener", word(role), "reason", failed.word());
        LOG.atDebug()
                .addKeyValue("reason", failed.word())
                .addKeyValue("detail", Text.bare(failed.detail()))
                .log("handshake failed");
    }

    public void connectionOpened(ListenerRole role) {
        count("gateway.connections.opened", "listener", word(role));
    }

    public void tunnelOpened(ListenerRole role) {
        count("gateway.tunnels.opened", "listener", word(role));
    }

    public void tunnelRefused(ListenerRole role, Refusal why, SpiffeId peer, String detail) {
        count("gateway.tunnels.refused", "listener", word(role), "reason", why.reason());
        ACCESS.atInfo()
                .addKeyValue("src.identity", peer)
                .addKeyValue("reason", why.reason())
                .addKeyValue("detail", Text.bare(detail))
                .log("tunnel refused");
    }

    /** A peer whose connection was open is trusted no more. */
    public void peerRejected(RejectReason why, String detail) {
        count("gateway.peers.rejected", "reason", why.word());
        LOG.atWarn()
                .addKeyValue("reason", why.word())
                .addKeyValue("detail", Text.bare(detail))
                .log("peer is trusted no more: connection closed");
    }

    /** A peer has reached a limit, or does what HTTP/2 forbids. */
    public void peerLimited(SpiffeId peer, String word) {
        count("gateway.peers.limited", "reason", word);
        LOG.atDebug()
                .addKeyValue("src.identity", peer)
                .addKeyValue("reason", word)
                .log("peer limited");
    }

    /**
     * A peer takes no more streams on one connection. A goodbye is ordinary; anything else blames us, or says that it is in
     * trouble: a warning of whom we dialled. Whoever dials us could say it as often as it likes.
     *
     * @param from {@code client} or {@code gateway}
     * @param who its identity, or its address
     */
    public void goAwayHeard(String from, Object who, GoAway said) {
        count("gateway.goaways.heard", "from", from, "error", said.why().word());
        LOG.atLevel(said.isGoodbye() || from.equals("client") ? Level.DEBUG : Level.WARN)
                .addKeyValue("from", from)
                .addKeyValue("peer", who)
                .addKeyValue("error", said.why().word())
                .addKeyValue("code", said.why().code())
                .addKeyValue("last_stream", said.lastStream())
                .addKeyValue("detail", Text.bare(said.detail()))
                .log("peer takes no more: GOAWAY");
    }

    /** A tunnel held too much of what all of them may hold. */
    public void tunnelShed() {
        count("gateway.tunnels.shed");
    }

    /** The process is short of more, or of less, than before. */
    public void overloadChanged(OverloadLevel from, OverloadLevel to, Shortage why) {
        count("gateway.overload.changed", "level", to.word(), "shortest", why.shortest());
        LOG.atWarn()
                .addKeyValue("from", from.word())
                .addKeyValue("to", to.word())
                .addKeyValue("shortest", why.shortest())
                .addKeyValue("shortage", why)
                .log("overload changed");
    }

    /** So many connections heard a goodbye because the process is overloaded. */
    public void connectionsShed(int connections) {
        meters.counter("gateway.connections.shed").increment(connections);
    }

    /**
     * A connection was closed before it could open anything.
     *
     * @param why {@code descriptors}; {@code source} or {@code loop}, where too many handshakes wait already; {@code peer}, which
     *     has its fill
     */
    public void connectionRefused(String why) {
        count("gateway.connections.refused", "reason", why);
    }

    /** A connection waits for its turn to shake hands, at its source's rate or at its loop's. */
    public void handshakeDelayed(String whose) {
        count("gateway.handshakes.delayed", "reason", whose);
    }

    /** Reads how many tunnels are open, as long as the process lives. */
    public void tunnelsOpen(Supplier<Number> count) {
        Gauge.builder("gateway.tunnels.open", count).register(meters);
    }

    /** Reads of how many peers something is remembered, as long as the process lives. */
    public void peersKnown(Supplier<Number> count) {
        Gauge.builder("gateway.peers.known", count).register(meters);
    }

    /** Reads what Netty counts, as long as the process lives. */
    public void directMemory(Supplier<Number> bytes) {
        Gauge.builder("gateway.memory.direct", bytes).baseUnit("bytes").register(meters);
    }

    /** Reads how much all tunnels hold, as long as the process lives. */
    public void bytesHeld(Supplier<Number> bytes) {
        Gauge.builder("gateway.bytes.held", bytes).baseUnit("bytes").register(meters);
    }

    /** The client left before it had an answer. */
    public void tunnelAbandoned(ListenerRole role) {
        count("gateway.tunnels.abandoned", "listener", word(role));
    }

    /** One more attempt of a dial began. */
    public void attempted(Cost cost) {
        count("gateway.dials.attempts", "cost", cost.name().toLowerCase(Locale.ROOT));
    }

    public void dialFailed(Candidate candidate, DialFailure why) {
        String target = switch (candidate) {
            case Candidate.Backend _ -> "backend";
            case Candidate.Gateway _ -> "gateway";
        };
        count("gateway.dials.failed", "target", target, "reason", why.word());
        LOG.atDebug()
                .addKeyValue("dst.addr", candidate.address())
                .addKeyValue("detail", Text.bare(why.toString()))
                .log("dial failed");
    }

    /** A path to another gateway is in another state. */
    public void pathChanged(GatewayAddress gateway, PathState from, PathState to) {
        count(
                "gateway.paths.changed",
                "region",
                gateway.region().toString(),
                "state",
                to.name().toLowerCase(Locale.ROOT));
        LOG.atInfo()
                .addKeyValue("region", gateway.region())
                .addKeyValue("gateway", gateway.name())
                .addKeyValue("dst.addr", gateway.address())
                .addKeyValue("from", from)
                .addKeyValue("to", to)
                .log("path changed");
    }

    /** Something else is known of a path than its state: each new trouble is an alarm. */
    public void troublesChanged(GatewayAddress gateway, List<PathTrouble> before, List<PathTrouble> now) {
        now.stream()
                .filter(one -> !before.contains(one))
                .forEach(one -> count(
                        "gateway.paths.troubled",
                        "region",
                        gateway.region().toString(),
                        "trouble",
                        one.name().toLowerCase(Locale.ROOT)));
        LOG.atWarn()
                .addKeyValue("region", gateway.region())
                .addKeyValue("gateway", gateway.name())
                .addKeyValue("dst.addr", gateway.address())
                .addKeyValue("from", before)
                .addKeyValue("to", now)
                .log("troubles of a path changed");
    }

    /** A look at a path to that region failed at that hop. */
    public void probeFailed(RegionId region, String hop, String reason) {
        count("gateway.probes.failed", "region", region.toString(), "hop", hop, "reason", reason);
    }

    /** An event loop stands still: whatever watches it ends the process. */
    public void hangs(String loop) {
        count("gateway.loops.hung");
        LOG.atError().addKeyValue("loop", loop).log("event loop hangs");
    }

    /** A replica of our discovery hears no reports just now; it is tried again. */
    public void reportsLost(String replica, String why) {
        count("gateway.reports.lost");
        LOG.atWarn()
                .addKeyValue("replica", replica)
                .addKeyValue("reason", Text.bare(why))
                .log("reports are not heard");
    }

    /** Something was noticed of a path, and the observer was too slow to take it. */
    public void sightingDropped() {
        count("gateway.sightings.dropped");
    }

    /** Somebody who is no gateway sent headers that only gateways may send: a security event. */
    public void forgedHeaders(SpiffeId peer, List<String> names) {
        count("gateway.headers.forged");
        LOG.atWarn()
                .addKeyValue("src.identity", peer)
                .addKeyValue("headers", Text.bare(String.join(",", names)))
                .log("headers of gateways sent by somebody else: removed");
    }

    /** A connection that came in is old enough: its peer shall open new tunnels elsewhere. */
    public void connectionRetired() {
        count("gateway.connections.retired");
    }

    /** A drain begins. */
    public void drains(DrainConfig how, int tunnels) {
        LOG.atInfo()
                .addKeyValue("tunnels", tunnels)
                .addKeyValue("accept", how.accept())
                .addKeyValue("jitter", how.jitter())
                .addKeyValue("deadline", how.deadline())
                .log("gateway drains");
    }

    /** Everybody has gone, or the deadline of a drain is over and what is left is about to be reset. */
    public void drained(Residue left) {
        meters.counter("gateway.drain.left").increment(left.tunnels());
        if (left.isNothing()) {
            LOG.atInfo().log("drain is over: no tunnel was left");
        } else {
            LOG.atWarn()
                    .addKeyValue("tunnels", left.tunnels())
                    .addKeyValue("oldest", left.oldest())
                    .addKeyValue("clients", Text.bare(left.shownClients()))
                    .addKeyValue("services", Text.bare(left.shownServices()))
                    .log("drain is over its deadline: what is left is reset");
        }
    }

    /** Another gateway believes us to be in another region: a fault of configuration. */
    public void regionMismatch(SpiffeId peer) {
        count("gateway.region.mismatches");
        LOG.atWarn().addKeyValue("src.identity", peer).log("a gateway chose another region than ours");
    }

    /** Discovery publishes another identity for us than we prove: a fault of configuration, and nobody can reach us. */
    void identityMismatch(SpiffeId proved, SpiffeId published) {
        count("gateway.identity.mismatches");
        LOG.atWarn()
                .addKeyValue("identity", proved)
                .addKeyValue("published", published)
                .log("discovery publishes another identity for this gateway: its peers will refuse it");
    }

    /** The access log line, with the keys of ztunnel's. */
    public void tunnelClosed(TunnelRecord tunnel) {
        String listener = word(tunnel.role());
        count(
                "gateway.tunnels.closed",
                "listener",
                listener,
                "ending",
                tunnel.tally().ending().word());
        meters.counter("gateway.bytes", "listener", listener, "direction", "up")
                .increment((double) tunnel.tally().bytesUp());
        meters.counter("gateway.bytes", "listener", listener, "direction", "down")
                .increment((double) tunnel.tally().bytesDown());
        SpiffeId source = tunnel.request()
                .vouched()
                .map(it -> it.source())
                .orElse(tunnel.peer().id());
        LoggingEventBuilder line = ACCESS.atInfo()
                .addKeyValue("src.addr", tunnel.source())
                .addKeyValue("src.workload", Text.bare(workload(tunnel)))
                .addKeyValue("src.namespace", namespace(source))
                .addKeyValue("src.identity", source)
                .addKeyValue("src.cluster", Text.bare(cluster(tunnel)))
                .addKeyValue("dst.service", tunnel.request().authority())
                .addKeyValue("bytes_sent", tunnel.tally().bytesUp())
                .addKeyValue("bytes_recv", tunnel.tally().bytesDown())
                .addKeyValue("duration", tunnel.duration().toMillis() + "ms")
                .addKeyValue("ending", tunnel.tally().ending().word())
                .addKeyValue("connection", tunnel.connectionId().orElse(""));
        destination(line, tunnel).log("connection complete");
    }

    private static LoggingEventBuilder destination(LoggingEventBuilder line, TunnelRecord tunnel) {
        return switch (tunnel.destination()) {
            case Candidate.Backend backend ->
                line.addKeyValue("dst.addr", backend.address())
                        .addKeyValue("dst.hbone_addr", backend.address())
                        .addKeyValue(
                                "dst.workload", tunnel.pod().map(Workload::name).orElse(backend.uid()))
                        .addKeyValue(
                                "dst.namespace",
                                tunnel.pod().map(Workload::namespace).orElse(""))
                        .addKeyValue(
                                "dst.identity",
                                tunnel.pod().map(it -> it.identity().toString()).orElse(""))
                        .addKeyValue(
                                "dst.cluster",
                                tunnel.pod().map(it -> it.cluster().toString()).orElse(""));
            case Candidate.Gateway gateway ->
                line.addKeyValue("dst.addr", gateway.address())
                        .addKeyValue("dst.hbone_addr", gateway.address())
                        .addKeyValue("dst.workload", gateway.gateway().name())
                        .addKeyValue(
                                "dst.namespace", namespace(gateway.gateway().identity()))
                        .addKeyValue("dst.identity", gateway.gateway().identity())
                        .addKeyValue("dst.cluster", gateway.gateway().cluster());
        };
    }

    private static String namespace(SpiffeId id) {
        return id.serviceAccount().map(SpiffeId.ServiceAccount::namespace).orElse("");
    }

    private static String cluster(TunnelRecord tunnel) {
        return tunnel.request()
                .vouched()
                .map(it -> it.originCluster().toString())
                .or(() -> tunnel.peer().cluster())
                .orElse("");
    }

    /** What the client's baggage calls it; nothing is decided by that. */
    private static String workload(TunnelRecord tunnel) {
        return tunnel.request()
                .carried()
                .baggage()
                .map(Baggage::parse)
                .orElse(Baggage.NONE)
                .workload();
    }

    private static String word(ListenerRole role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private void count(String name, String... tags) {
        meters.counter(name, tags).increment();
    }

    /** What was counted so far, whatever a ledger says; {@code active} tunnels are open. */
    Traffic traffic(long active) {
        return new Traffic(total("gateway.connections.opened"), total("gateway.handshakes.failed"), active);
    }

    private long total(String meter) {
        return (long) meters.find(meter).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** Reads how many connections are open, as long as the process lives. */
    public void connectionsOpen(Supplier<Number> count) {
        Gauge.builder("gateway.connections.open", count).register(meters);
    }
}
