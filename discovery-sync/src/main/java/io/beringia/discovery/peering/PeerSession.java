package io.beringia.discovery.peering;

import com.google.protobuf.ByteString;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.guard.RemovalGuard;
import io.beringia.discovery.peering.proto.Beat;
import io.beringia.discovery.peering.proto.Bye;
import io.beringia.discovery.peering.proto.Frame;
import io.beringia.discovery.peering.proto.Hello;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One link to a peer as a machine, whoever dialled it: what a frame means, and what to send next. Both directions ride
 * on it where both sides say so. No I/O, no clock. Owned by the peer's thread.
 *
 * <p>Each side greets first and then beats every second. Whoever exports answers the other's Subscribe
 * ({@link PeerExporting}); whoever imports sends one when the link is its active one ({@link PeerImporting}). Neither the
 * end of a link nor silence on it removes anything of what is held.
 */
final class PeerSession {
    static final Duration BEAT_EVERY = Duration.ofSeconds(1);

    private final Hello ours;
    private final PeerAuthority authority;
    private final PeerExporting exporting;
    private final PeerImporting importing;
    private Optional<Hello> theirs = Optional.empty();
    private Optional<Beat> lastBeat = Optional.empty();
    private boolean isGreeted;
    private Instant nextBeat = Instant.MIN;
    private Instant heardAt;

    /** @param ours what we say of ourselves on this link, with what we do on it */
    PeerSession(Hello ours, PeerAuthority authority, HeldPart held, RemovalGuard guard, Instant now) {
        this.ours = ours;
        this.authority = authority;
        this.exporting = new PeerExporting(authority.peer().cluster(), authority.probe());
        this.importing = new PeerImporting(held, authority, guard);
        this.heardAt = now;
    }

    /** What came in. After a {@link PeerEvent.LinkRefused} nothing more may come. */
    List<PeerEvent> onFrame(Frame frame, Instant now) {
        heardAt = now;
        if (theirs.isEmpty() != (frame.getKindCase() == Frame.KindCase.HELLO)) {
            return refused(
                    Optional.of(new PeerRefusal.OutOfTurn(frame.getKindCase().name())));
        }
        return switch (frame.getKindCase()) {
            case HELLO -> onHello(frame.getHello());
            case SUBSCRIBE -> onSubscribe(frame);
            case MANIFEST -> importing.onManifest(frame.getManifest(), now);
            case WANT -> refused(exporting.onWant(frame.getWant()));
            case DELTA -> importing.onDelta(frame.getDelta(), now);
            case ACK -> onAck(frame);
            case BEAT -> {
                lastBeat = Optional.of(frame.getBeat());
                yield List.of();
            }
            case BYE -> left(frame.getBye());
            case KIND_NOT_SET -> List.of();
        };
    }

    private List<PeerEvent> onHello(Hello hello) {
        Optional<PeerRefusal.OfLink> refusal = authority.refusalOf(hello);
        if (refusal.isEmpty()) {
            theirs = Optional.of(hello);
        }
        return refused(refusal);
    }

    private List<PeerEvent> onSubscribe(Frame frame) {
        if (!ours.getRolesList().contains(Hello.Role.EXPORTS)) {
            return refused(Optional.of(new PeerRefusal.OutOfTurn("SUBSCRIBE")));
        }
        exporting.onSubscribe(frame.getSubscribe());
        return List.of();
    }

    private List<PeerEvent> onAck(Frame frame) {
        exporting.onAck(frame.getAck());
        return frame.getAck().getRejectedList().stream()
                .<PeerEvent>map(rejected -> new PeerEvent.RefusedByPeer(rejected.getName(), rejected.getReason()))
                .toList();
    }

    private static List<PeerEvent> left(Bye bye) {
        return List.of(new PeerEvent.Left(bye.getReason(), Duration.ofMillis(Math.max(0, bye.getRetryAfterMs()))));
    }

    private static List<PeerEvent> refused(Optional<PeerRefusal.OfLink> why) {
        return why.<List<PeerEvent>>map(it -> List.of(new PeerEvent.LinkRefused(it)))
                .orElse(List.of());
    }

    /** What may be sent now, in this order; once, so it must be sent. */
    List<Frame> due(Outlook outlook, Instant now) {
        List<Frame> due = new ArrayList<>();
        if (!isGreeted) {
            isGreeted = true;
            due.add(Frame.newBuilder()
                    .setHello(ours.toBuilder().setWallClockMs(now.toEpochMilli()))
                    .build());
        }
        if (theirs.isEmpty()) {
            return due;
        }
        due.addAll(importing.due(
                authority.admitted(outlook.offer().namespaces()), theirs.get().getLogId(), now));
        due.addAll(exporting.due(outlook.offer()));
        if (!now.isBefore(nextBeat)) {
            nextBeat = now.plus(BEAT_EVERY);
            due.add(Frame.newBuilder().setBeat(outlook.beat()).build());
        }
        return due;
    }

    /** Asks the peer for what it exports on this link; of several links to one peer only one is asked. */
    void activate() {
        importing.activate();
    }

    /** Whether this link may be asked: greeted, the peer exports on it and we import. */
    boolean canImport() {
        return theirs.filter(hello -> hello.getRolesList().contains(Hello.Role.EXPORTS))
                        .isPresent()
                && ours.getRolesList().contains(Hello.Role.IMPORTS);
    }

    boolean isOpen() {
        return theirs.isPresent();
    }

    boolean isSynced() {
        return importing.isSynced();
    }

    /** Whether the peer takes over what we export, for the first time on this link. */
    boolean isTransferring() {
        return exporting.isTransferring();
    }

    /** Up to which position of ours the peer has taken over what it may have, on this link; 0 for nothing. */
    long acknowledged() {
        return exporting.acknowledged();
    }

    /** When all names of what it exports had come on this link, if they ever had. */
    Optional<Instant> listedAt() {
        return importing.listedAt();
    }

    Instant heardAt() {
        return heardAt;
    }

    /** The process at the other end. */
    Optional<ByteString> peerLog() {
        return theirs.map(Hello::getLogId);
    }

    /** How far the peer believes its own view; live before it said anything. */
    Freshness peerApi() {
        return lastBeat.filter(beat -> beat.getApiState() == Beat.ApiState.STALE)
                .<Freshness>map(beat -> new Freshness.Stale(Duration.ofMillis(Math.max(0, beat.getApiAgeMs()))))
                .orElse(new Freshness.Live());
    }

    /** What our side has to tell at this moment. */
    record Outlook(Offer offer, Vitals vitals) {
        Beat beat() {
            Beat.Builder beat = Beat.newBuilder()
                    .setPosition(offer.position())
                    .setCatalogRevision(vitals.revision())
                    .setPlanEpoch(vitals.plan().epoch())
                    .setPlanSeq(vitals.plan().seq());
            return switch (vitals.api()) {
                case Freshness.Live live -> beat.setApiState(Beat.ApiState.LIVE).build();
                case Freshness.Stale stale ->
                    beat.setApiState(Beat.ApiState.STALE)
                            .setApiAgeMs(stale.age().toMillis())
                            .build();
                case Freshness.Unknown unknown ->
                    beat.setApiState(Beat.ApiState.NONE).build();
            };
        }
    }
}
