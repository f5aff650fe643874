package io.beringia.gateway.inbound;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RelayTarget.OnFailure;
import io.beringia.gateway.drain.Residue;
import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.http2.HboneStream;
import io.beringia.gateway.journal.Recorded;
import io.beringia.gateway.observe.PathTable;
import io.beringia.gateway.observe.ProbeTarget;
import io.beringia.gateway.outbound.Dial;
import io.beringia.gateway.outbound.Leg;
import io.beringia.gateway.relay.Relay;
import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.routing.AccessRules;
import io.beringia.gateway.routing.Candidate;
import io.beringia.gateway.routing.ConnectHeaders;
import io.beringia.gateway.routing.ConnectRequest;
import io.beringia.gateway.routing.ListenerRole;
import io.beringia.gateway.routing.PeerIdentity;
import io.beringia.gateway.routing.Refusal;
import io.beringia.gateway.routing.Routing;
import io.beringia.gateway.routing.TunnelRouter;
import io.beringia.gateway.routing.Vouched;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One CONNECT stream: parse, route, dial, relay. The peer gets 200 only after somebody on the other side has
 * answered, and an answer in any case. Lives on its connection's event loop.
 */
final class ConnectStream implements HboneStream.Head, Dial.Finish {
    private final TunnelLoop here;
    private final ListenerRole role;
    private final PeerIdentity peer;
    private final boolean fromGateway;
    private final HboneStream stream;
    private final TunnelNotes notes;
    private TunnelState state = new TunnelState.Received();
    private Optional<Candidate> destination = Optional.empty();
    private OnFailure onFailure = OnFailure.RESET;

    private ConnectStream(TunnelLoop here, ListenerRole role, PeerIdentity peer, HboneConnection.OpenedStream opened) {
        this.here = here;
        this.role = role;
        this.peer = peer;
        this.fromGateway = !here.catalog().get().gatewaysOf(peer.id()).isEmpty();
        this.stream = opened.with(this);
        this.notes = new TunnelNotes(here, role, peer, stream.connection().channel());
    }

    /**
     * The peer opened a stream.
     *
     * @param late on a connection that came when we had begun to say goodbye
     */
    static void begin(
            TunnelLoop here,
            ListenerRole role,
            PeerIdentity peer,
            boolean late,
            HboneConnection.OpenedStream opened,
            Http2Headers headers,
            boolean ended) {
        ConnectStream tunnel = new ConnectStream(here, role, peer, opened);
        if (ended) {
            tunnel.refuse(Refusal.BAD_REQUEST, "request: ended at once (expected: a stream that stays open)");
            tunnel.stream.endedByPeer();
        } else if (opened.reached().isPresent()) {
            tunnel.refuse(
                    Refusal.OVERLOADED, "client: " + opened.reached().get().word() + " (expected: fewer)");
        } else if (late) {
            tunnel.refuse(Refusal.DRAINING, "gateway: draining (expected: to be chosen no more)");
        } else {
            tunnel.enter(headers);
        }
    }

    private void enter(Http2Headers headers) {
        AccessRules.atTheDoor(role, here.catalog().get(), peer)
                .ifPresentOrElse(denied -> refuse(denied.why(), denied.detail()), () -> parse(headers));
    }

    private void parse(Http2Headers headers) {
        switch (ConnectHeaders.parse(fields(headers), fromGateway)) {
            case ConnectHeaders.Parsed.Refused refused -> refuse(refused.why(), refused.detail());
            case ConnectHeaders.Parsed.Accepted accepted -> {
                if (!accepted.stripped().isEmpty()) {
                    here.telemetry().forgedHeaders(peer.id(), accepted.stripped());
                }
                notes.asked(accepted.request());
                admit(accepted.request());
            }
        }
    }

    /** Whoever looks whether we live must hear that we do. */
    private void admit(ConnectRequest request) {
        if (here.overload().get().isRefusing() && !ProbeTarget.isAsked(request.authority())) {
            refuse(Refusal.OVERLOADED, "gateway: overloaded (expected: to be chosen less)");
        } else {
            route(request);
        }
    }

    private static List<Map.Entry<String, String>> fields(Http2Headers headers) {
        List<Map.Entry<String, String>> fields = new ArrayList<>(headers.size());
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            fields.add(Map.entry(field.getKey().toString(), field.getValue().toString()));
        }
        return fields;
    }

    private void route(ConnectRequest request) {
        Catalog catalog = here.catalog().get();
        request.vouched().ifPresent(this::compareRegion);
        switch (TunnelRouter.route(here.self(), role, catalog, here.paths().get(), peer, request, here.random())) {
            case Routing.Refuse refused -> refuse(refused.why(), refused.detail());
            case Routing.Deliver deliver -> dial(catalog, request, deliver.candidates());
            case Routing.Forward forward -> {
                onFailure = forward.onFailure();
                dial(catalog, request, forward.candidates());
            }
        }
    }

    private void compareRegion(Vouched vouched) {
        if (!vouched.chosenRegion().equals(here.self().region())) {
            here.telemetry().regionMismatch(peer.id());
        }
    }

    private void dial(Catalog catalog, ConnectRequest request, List<? extends Candidate> candidates) {
        Leg leg = new Leg(
                here.self(),
                request.vouched().map(Vouched::source).orElse(peer.id()),
                request.authority(),
                TunnelRouter.passedOn(catalog, peer, request),
                notes.connectionId());
        here.live().add(this);
        Dial dial = here.dialer().prepare(candidates, leg, this);
        state = new TunnelState.Dialing(request, dial);
        dial.start();
    }

    @Override
    public void onWon(Candidate candidate, RelayEnd upstream, InetSocketAddress local) {
        if (!(state instanceof TunnelState.Dialing dialing)) {
            upstream.reset(Reset.CANCEL);
            return;
        }
        destination = Optional.of(candidate);
        state = dialing.answered(candidate, upstream, local);
        notes.answered(candidate, this::onRecorded);
    }

    private void onRecorded(Recorded recorded) {
        if (state instanceof TunnelState.Recording recording) {
            switch (recorded) {
                case ENOUGH -> relay(recording);
                case NOWHERE -> refuse(Refusal.NOT_RECORDED, "ledger: refuses the entry (expected: it lasts)");
                case LATE -> refuseLate(Refusal.NOT_RECORDED, "ledger: still busy (expected: an entry that lasts)");
            }
        }
    }

    private void relay(TunnelState.Recording recording) {
        stream.accept(answer("200"));
        notes.opened(recording.request(), recording.candidate());
        Relay relay = Relay.of(
                here.loop(),
                here.awakeNanos(),
                here.budget(),
                stream,
                recording.upstream(),
                tally -> onEnded(recording, tally));
        state = recording.recorded(relay);
        relay.start();
    }

    private void onEnded(TunnelState.Recording begun, Relay.Tally tally) {
        if (state instanceof TunnelState.Relaying relaying) {
            state = relaying.ended(tally.ending());
        }
        here.live().remove(this);
        notes.ended(begun.request(), begun.candidate(), begun.local(), tally);
    }

    @Override
    public void onAllFailed(Refusal why, String detail) {
        refuse(why, detail);
    }

    private void refuse(Refusal why, String detail) {
        answerNo(why);
        notes.refused(why, detail);
    }

    /** The journal may say already that it was let through. */
    private void refuseLate(Refusal why, String detail) {
        answerNo(why);
        notes.refusedLate(why, detail);
    }

    private void answerNo(Refusal why) {
        state = switch (state) {
            case TunnelState.Received received -> received.refused(why);
            case TunnelState.Dialing dialing -> dialing.refused(why);
            case TunnelState.Recording recording -> recording.refused(why);
            case TunnelState.Relaying relaying -> relaying;
            case TunnelState.Closed closed -> closed;
        };
        here.live().remove(this);
        Http2Headers headers = answer(Integer.toString(why.status()));
        if (fromGateway) {
            headers.set(ConnectHeaders.REASON, why.reason());
        }
        stream.refuse(headers);
    }

    private Http2Headers answer(String status) {
        Http2Headers headers = new DefaultHttp2Headers().status(status);
        return fromGateway
                ? headers.set(
                        ConnectHeaders.SERVED_BY,
                        here.self().region() + "/" + here.self().cluster() + "/"
                                + here.self().gateway())
                : headers;
    }

    /** Never: the peer asks, we answer. */
    @Override
    public void onHeaders(Http2Headers headers, boolean ended) {
        throw new IllegalStateException("headers: as an answer (expected: none from a peer that asks)");
    }

    @Override
    public void onLost(Reset why) {
        switch (state) {
            case TunnelState.Dialing dialing -> {
                state = dialing.abandoned();
                notes.abandoned();
            }
            case TunnelState.Recording recording -> {
                state = recording.abandoned();
                notes.abandonedLate();
            }
            case TunnelState.Received _, TunnelState.Relaying _, TunnelState.Closed _ -> {}
        }
        here.live().remove(this);
    }

    void onPaths(PathTable paths) {
        switch (state) {
            case TunnelState.Dialing dialing -> dialing.dial().onPaths();
            case TunnelState.Recording _ -> {
                if (isLost(paths)) {
                    refuseLate(Refusal.NO_ENDPOINT, "path: DOWN before the entry lasts (expected: UP)");
                }
            }
            case TunnelState.Relaying relaying -> {
                if (isLost(paths)) {
                    relaying.relay().reset(Reset.CANCEL);
                }
            }
            case TunnelState.Received _, TunnelState.Closed _ -> {}
        }
    }

    private boolean isLost(PathTable paths) {
        return onFailure == OnFailure.RESET
                && destination.filter(to -> isDown(paths, to)).isPresent();
    }

    void look() {
        if (state instanceof TunnelState.Relaying relaying) {
            relaying.relay().look();
        }
    }

    private static boolean isDown(PathTable paths, Candidate to) {
        return to instanceof Candidate.Gateway gateway
                && paths.view(gateway.gateway()).state() == PathState.DOWN;
    }

    /** Only a plain no ends a live tunnel. */
    void onCatalog(Catalog catalog) {
        switch (state) {
            case TunnelState.Dialing dialing ->
                forbidden(catalog, dialing.request()).ifPresent(denied -> refuse(denied.why(), denied.detail()));
            case TunnelState.Recording recording ->
                forbidden(catalog, recording.request()).ifPresent(denied -> refuseLate(denied.why(), denied.detail()));
            case TunnelState.Relaying relaying ->
                forbidden(catalog, relaying.request())
                        .ifPresent(_ -> relaying.relay().reset(Reset.CANCEL));
            case TunnelState.Received _, TunnelState.Closed _ -> {}
        }
    }

    private Optional<AccessRules.Access.Denied> forbidden(Catalog catalog, ConnectRequest request) {
        return AccessRules.judge(here.self(), role, catalog, peer, request) instanceof AccessRules.Access.Denied denied
                        && AccessRules.endsLive(role, catalog, denied)
                ? Optional.of(denied)
                : Optional.empty();
    }

    /** Whose it is, to what, and how old; empty if nothing is open. */
    Optional<Residue.One> shown(long nowNanos) {
        return request()
                .map(request -> new Residue.One(
                        request.vouched().map(Vouched::source).orElse(peer.id()),
                        request.authority().toString(),
                        notes.age(nowNanos)));
    }

    private Optional<ConnectRequest> request() {
        return switch (state) {
            case TunnelState.Dialing dialing -> Optional.of(dialing.request());
            case TunnelState.Recording recording -> Optional.of(recording.request());
            case TunnelState.Relaying relaying -> Optional.of(relaying.request());
            case TunnelState.Received _, TunnelState.Closed _ -> Optional.empty();
        };
    }

    void cut(Reset why) {
        switch (state) {
            case TunnelState.Dialing _ -> refuse(Refusal.DRAINING, "gateway: closing (expected: to be chosen no more)");
            case TunnelState.Recording _ ->
                refuseLate(Refusal.DRAINING, "gateway: closing (expected: to be chosen no more)");
            case TunnelState.Relaying relaying -> relaying.relay().reset(why);
            case TunnelState.Received _, TunnelState.Closed _ -> {}
        }
    }
}
