package io.beringia.gateway.inbound;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.journal.Recorded;
import io.beringia.gateway.journal.TunnelFacts;
import io.beringia.gateway.observe.OutcomeKey;
import io.beringia.gateway.observe.ProbeTarget;
import io.beringia.gateway.outbound.Leg;
import io.beringia.gateway.relay.Relay;
import io.beringia.gateway.routing.Candidate;
import io.beringia.gateway.routing.ConnectRequest;
import io.beringia.gateway.routing.ListenerRole;
import io.beringia.gateway.routing.PeerIdentity;
import io.beringia.gateway.routing.Refusal;
import io.beringia.gateway.routing.Vouched;
import io.beringia.gateway.tls.HandshakeResult;
import io.beringia.trust.identity.SpiffeId;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What becomes of one CONNECT, told to those who count, to the access log and to the journal. Lives on the event loop
 * of its connection.
 */
final class TunnelNotes {
    private static final String ABANDONED = "abandoned";

    private final TunnelLoop here;
    private final ListenerRole role;
    private final PeerIdentity peer;
    private final Channel channel;
    private final long startedNanos;
    private Optional<ConnectRequest> request = Optional.empty();
    private Optional<String> connectionId = Optional.empty();
    private Optional<Candidate> answered = Optional.empty();
    private Optional<RegionId> end = Optional.empty();

    TunnelNotes(TunnelLoop here, ListenerRole role, PeerIdentity peer, Channel channel) {
        this.here = here;
        this.role = role;
        this.peer = peer;
        this.channel = channel;
        this.startedNanos = here.nanoTime().getAsLong();
    }

    /** It wants this. */
    void asked(ConnectRequest what) {
        request = Optional.of(what);
        connectionId = what.vouched().map(Vouched::connectionId);
    }

    /** By which the records of both gateways are found. */
    String connectionId() {
        if (connectionId.isEmpty()) {
            connectionId = Optional.of(Leg.newConnectionId(here.random()));
        }
        return connectionId.orElseThrow();
    }

    void refused(Refusal why, String detail) {
        here.telemetry().tunnelRefused(role, why, peer.id(), detail);
        here.journal().denied(this::facts, why.reason());
    }

    /** It was refused after the journal may have said that it was let through. */
    void refusedLate(Refusal why, String detail) {
        here.telemetry().tunnelRefused(role, why, peer.id(), detail);
        here.journal().closed(this::facts, 0, 0, why.reason());
    }

    /** The client left before anybody had answered. */
    void abandoned() {
        here.telemetry().tunnelAbandoned(role);
        here.journal().denied(this::facts, ABANDONED);
    }

    /** It left after the journal may have said that it was let through. */
    void abandonedLate() {
        here.telemetry().tunnelAbandoned(role);
        here.journal().closed(this::facts, 0, 0, ABANDONED);
    }

    /** Who asked may hear of it when {@code then} is told, at once or later. */
    void answered(Candidate candidate, Consumer<Recorded> then) {
        answered = Optional.of(candidate);
        here.journal().allowed(this::facts, here.loop(), here.awakeNanos(), then);
    }

    void opened(ConnectRequest what, Candidate candidate) {
        here.telemetry().tunnelOpened(role);
        end = end(what, candidate);
        end.ifPresent(here.counts()::opened);
    }

    /** Where it ends, to those who count clients. */
    private Optional<RegionId> end(ConnectRequest what, Candidate candidate) {
        if (ProbeTarget.isAsked(what.authority())) {
            return Optional.empty();
        }
        return Optional.of(
                switch (candidate) {
                    case Candidate.Backend _ -> here.self().region();
                    case Candidate.Gateway gateway -> gateway.gateway().region();
                });
    }

    void ended(ConnectRequest what, Candidate candidate, InetSocketAddress local, Relay.Tally tally) {
        end.ifPresent(region -> {
            here.counts().closed(region);
            SpiffeId client = what.vouched().map(Vouched::source).orElse(peer.id());
            here.outcomes().closed(OutcomeKey.of(here.self(), client, what.authority(), candidate), tally);
        });
        here.journal()
                .closed(
                        this::facts,
                        tally.bytesUp(),
                        tally.bytesDown(),
                        tally.ending().word());
        here.telemetry()
                .tunnelClosed(new TunnelRecord(
                        role,
                        (InetSocketAddress) channel.remoteAddress(),
                        peer,
                        what,
                        candidate,
                        pod(candidate),
                        local,
                        connectionId,
                        tally,
                        age(here.nanoTime().getAsLong())));
    }

    Duration age(long nowNanos) {
        return Duration.ofNanos(nowNanos - startedNanos);
    }

    private TunnelFacts facts() {
        return new TunnelFacts(
                channel.attr(HandshakeResult.PEER).get(),
                request,
                connectionId(),
                here.catalog().get().revision(),
                answered.map(this::far));
    }

    private TunnelFacts.FarEnd far(Candidate candidate) {
        return switch (candidate) {
            case Candidate.Backend _ ->
                new TunnelFacts.FarEnd(pod(candidate).map(Workload::identity), Optional.empty());
            case Candidate.Gateway gateway ->
                new TunnelFacts.FarEnd(
                        Optional.of(gateway.gateway().identity()),
                        Optional.of(gateway.gateway().cluster() + "/"
                                + gateway.gateway().name()));
        };
    }

    private Optional<Workload> pod(Candidate candidate) {
        return switch (candidate) {
            case Candidate.Backend backend ->
                Optional.ofNullable(here.catalog().get().workloads().get(backend.uid()));
            case Candidate.Gateway _ -> Optional.empty();
        };
    }
}
