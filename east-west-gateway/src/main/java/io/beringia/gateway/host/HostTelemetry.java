package io.beringia.gateway.host;

import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.catalog.Policy;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.http2.GoAway;
import io.beringia.gateway.relay.Relay;
import io.beringia.gateway.routing.Text;
import io.beringia.trust.identity.RejectReason;
import io.beringia.trust.identity.SpiffeId;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Every meter and log sentence of the host proxy; what applications and peers said is escaped here. Any thread. */
final class HostTelemetry {
    private static final Logger LOG = LoggerFactory.getLogger(HostTelemetry.class);

    private final MeterRegistry meters;

    HostTelemetry(MeterRegistry meters) {
        this.meters = meters;
    }

    void outboundOpened(String destination, int attempts) {
        count("outbound", "opened");
        LOG.atDebug()
                .addKeyValue("dst", Text.bare(destination))
                .addKeyValue("attempts", attempts)
                .log("connection opened");
    }

    void attemptFailed(String destination, OutboundFailure why) {
        meters.counter("host.attempts.failed", "tunnel", why.tunnelWord(), "why", why.word())
                .increment();
        LOG.atDebug()
                .addKeyValue("dst", Text.bare(destination))
                .addKeyValue("why", Text.bare(why.toString()))
                .log("attempt failed");
    }

    void outboundFailed(String destination, OutboundFailure why) {
        count("outbound", why.word());
        LOG.atInfo()
                .addKeyValue("dst", Text.bare(destination))
                .addKeyValue("why", Text.bare(why.toString()))
                .log("connection not opened");
    }

    void inboundOpened(SpiffeId peer, SourceFacts source, int target) {
        count("inbound", "opened");
        from(LOG.atDebug(), peer, source).addKeyValue("port", target).log("tunnel accepted");
    }

    void inboundRefused(SpiffeId peer, SourceFacts source, String reason, String detail) {
        count("inbound", reason);
        from(LOG.atInfo(), peer, source)
                .addKeyValue("why", reason)
                .addKeyValue("detail", Text.bare(detail))
                .log("tunnel refused");
    }

    /** What is known of the application has changed. */
    void applicationIs(HostReport report) {
        String health = report.health().name().toLowerCase(Locale.ROOT);
        meters.counter("host.application.changed", "health", health).increment();
        LOG.atInfo()
                .addKeyValue("health", health)
                .addKeyValue("why", Text.bare(report.why()))
                .log("application of this host");
    }

    /** The keys of ztunnel's access log. */
    private static LoggingEventBuilder from(LoggingEventBuilder line, SpiffeId peer, SourceFacts source) {
        return line.addKeyValue("src.identity", peer)
                .addKeyValue("src.workload", Text.bare(source.caller().workload()))
                .addKeyValue("src.namespace", Text.bare(source.caller().namespace()))
                .addKeyValue("src.cluster", Text.bare(source.caller().cluster()))
                .addKeyValue("dst.service", Text.bare(source.service()));
    }

    void handshakeFailed(String word, String detail) {
        count("inbound", "tls-" + word);
        LOG.atDebug()
                .addKeyValue("why", word)
                .addKeyValue("detail", Text.bare(detail))
                .log("handshake failed");
    }

    /** A connection that came in was closed unread: too many have not proved yet who they are. */
    void tooManyHandshakes() {
        count("inbound", "too-many-handshakes");
    }

    /** A connection that came in is so old that its caller was told goodbye. */
    void connectionRetired() {
        meters.counter("host.connections.retired").increment();
    }

    void wouldMatch(Policy policy, SpiffeId peer) {
        LOG.atInfo()
                .addKeyValue("policy", policy.key())
                .addKeyValue("src.identity", peer)
                .log("dry-run policy matched");
    }

    void noLongerAllowed(SpiffeId peer) {
        count("inbound", "late-rejection");
        LOG.atInfo().addKeyValue("src.identity", peer).log("tunnel no longer allowed");
    }

    /** A peer opens too many streams, or takes too many back at once. */
    void peerLimited(SpiffeId peer, String word) {
        meters.counter("host.peers.limited", "reason", word).increment();
        LOG.atDebug()
                .addKeyValue("src.identity", peer)
                .addKeyValue("reason", word)
                .log("peer limited");
    }

    /**
     * A peer takes no more streams on one connection, of callers or of ours. A warning only of ours, and of no goodbye: a
     * caller could say it as often as it likes.
     *
     * @param who its identity, or its address
     */
    void goAwayHeard(String direction, Object who, GoAway said) {
        meters.counter(
                        "host.goaways.heard",
                        "direction",
                        direction,
                        "error",
                        said.why().word())
                .increment();
        LOG.atLevel(said.isGoodbye() || direction.equals("inbound") ? Level.DEBUG : Level.WARN)
                .addKeyValue("direction", direction)
                .addKeyValue("peer", who)
                .addKeyValue("error", said.why().word())
                .addKeyValue("code", said.why().code())
                .addKeyValue("last_stream", said.lastStream())
                .addKeyValue("detail", Text.bare(said.detail()))
                .log("peer takes no more: GOAWAY");
    }

    /** A tunnel held too much of what all of them may hold. */
    void tunnelShed() {
        meters.counter("host.tunnels.shed").increment();
    }

    /** A peer whose connection was open is trusted no more. */
    void peerRejected(RejectReason why, String detail) {
        meters.counter("host.peers.rejected", "reason", why.word()).increment();
        LOG.atWarn()
                .addKeyValue("reason", why.word())
                .addKeyValue("detail", Text.bare(detail))
                .log("peer is trusted no more: connection closed");
    }

    void outboundEnded(Relay.Tally tally) {
        ended(LOG.atInfo(), "outbound", tally);
    }

    void inboundEnded(SpiffeId peer, SourceFacts source, Relay.Tally tally) {
        ended(from(LOG.atInfo(), peer, source), "inbound", tally);
    }

    private void ended(LoggingEventBuilder line, String direction, Relay.Tally tally) {
        meters.counter(
                        "host.connections.ended",
                        "direction",
                        direction,
                        "ending",
                        tally.ending().word())
                .increment();
        meters.counter("host.bytes", "direction", direction, "way", "up").increment((double) tally.bytesUp());
        meters.counter("host.bytes", "direction", direction, "way", "down").increment((double) tally.bytesDown());
        line.addKeyValue("direction", direction)
                .addKeyValue("bytes_sent", tally.bytesUp())
                .addKeyValue("bytes_recv", tally.bytesDown())
                .addKeyValue("ending", tally.ending().word())
                .log("connection ended");
    }

    void drains(String workload, DrainConfig how, int connections) {
        LOG.atInfo()
                .addKeyValue("workload", workload)
                .addKeyValue("connections", connections)
                .addKeyValue("accept", how.accept())
                .addKeyValue("jitter", how.jitter())
                .addKeyValue("deadline", how.deadline())
                .log("host drains");
    }

    /** All has ended, or the deadline of a drain is over and what is left is about to be cut off. */
    void drained(Residue left) {
        meters.counter("host.drain.left").increment(left.tunnels());
        if (left.isNothing()) {
            LOG.atInfo().log("drain is over: no connection was left");
        } else {
            LOG.atWarn()
                    .addKeyValue("connections", left.tunnels())
                    .addKeyValue("oldest", left.oldest())
                    .addKeyValue("clients", Text.bare(left.shownClients()))
                    .addKeyValue("destinations", Text.bare(left.shownServices()))
                    .log("drain is over its deadline: what is left is cut off");
        }
    }

    private void count(String direction, String outcome) {
        meters.counter("host.connections", "direction", direction, "outcome", outcome)
                .increment();
    }
}
