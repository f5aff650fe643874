package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.wire.evidence.proto.EvidenceServiceGrpc;
import io.beringia.discovery.wire.evidence.proto.FollowRequest;
import io.beringia.discovery.wire.evidence.proto.Receipt;
import io.beringia.discovery.wire.evidence.proto.Report;
import io.beringia.discovery.wire.evidence.proto.SiteEvidence;
import io.beringia.trust.client.VerifiedPeer;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The receiving half of evidence, for a server with {@link VerifiedPeer}: takes reports from observers and lets whoever
 * may lead follow the site. Any thread.
 */
public final class EvidenceServer extends EvidenceServiceGrpc.EvidenceServiceImplBase {
    /** A candidate per site and a few people; each costs a thread and ten messages a second at most. */
    static final int FOLLOWERS_MAX = 64;

    /** Five to ten minutes; then the caller opens another stream and is proven anew, by the roots of that moment. */
    static final int STREAM_MESSAGES_MAX = 3_000;

    private final Sink sink;
    private final Supplier<RegionEvidence> latest;
    private final Admission admission;
    private final Listener listener;
    private final Supplier<Optional<PeerVerdict.Verified>> caller;
    private final int messagesMax;
    private final List<Follower> followers = new CopyOnWriteArrayList<>();

    /** @param latest the site's evidence by now; called once per message, any thread, must not wait */
    public EvidenceServer(Sink sink, Supplier<RegionEvidence> latest, Admission admission, Listener listener) {
        this(sink, latest, admission, listener, VerifiedPeer::current, STREAM_MESSAGES_MAX);
    }

    EvidenceServer(
            Sink sink,
            Supplier<RegionEvidence> latest,
            Admission admission,
            Listener listener,
            Supplier<Optional<PeerVerdict.Verified>> caller,
            int messagesMax) {
        this.sink = sink;
        this.latest = latest;
        this.admission = admission;
        this.listener = listener;
        this.caller = caller;
        this.messagesMax = messagesMax;
    }

    /** Where reports go. */
    @FunctionalInterface
    public interface Sink {
        /** Any thread; must only post. The caller is proven, the observer's name is its own word. */
        void onReport(SpiffeId caller, ObserverReport report);
    }

    /** Who may do what. */
    public record Admission(Predicate<PeerVerdict.Verified> mayReport, Predicate<PeerVerdict.Verified> mayFollow) {}

    /** Hears whom we refuse. Any thread. */
    @FunctionalInterface
    public interface Listener {
        /** @param caller who it is; empty for somebody unproven */
        void onRefused(Optional<SpiffeId> caller, String why);
    }

    /** Any thread. The evidence has changed: followers are told at once. Never waits. */
    public void changed() {
        followers.forEach(Follower::changed);
    }

    @Override
    public StreamObserver<Report> observe(StreamObserver<Receipt> receipts) {
        Optional<PeerVerdict.Verified> peer = caller.get();
        Optional<Reports> admitted = peer.filter(admission.mayReport())
                .map(observer -> new Reports(report -> receive(observer, report, receipts), receipts, messagesMax));
        return admitted.orElseGet(() -> {
            refuse(peer, "may not report", Status.PERMISSION_DENIED, receipts);
            return Reports.refused(receipts);
        });
    }

    @Override
    public void follow(FollowRequest request, StreamObserver<SiteEvidence> evidence) {
        Optional<PeerVerdict.Verified> peer = caller.get();
        peer.filter(admission.mayFollow())
                .ifPresentOrElse(
                        admitted -> follow(admitted, (ServerCallStreamObserver<SiteEvidence>) evidence),
                        () -> refuse(peer, "may not follow", Status.PERMISSION_DENIED, evidence));
    }

    private void follow(PeerVerdict.Verified peer, ServerCallStreamObserver<SiteEvidence> evidence) {
        if (followers.size() >= FOLLOWERS_MAX) {
            String why = "followers: " + FOLLOWERS_MAX + " (expected: fewer)";
            refuse(Optional.of(peer), why, Status.RESOURCE_EXHAUSTED, evidence);
            return;
        }
        Follower follower = new Follower(latest, evidence, messagesMax);
        followers.add(follower);
        Thread thread = Thread.ofVirtual().name("follow/" + peer.id()).unstarted(() -> {
            try {
                follower.run();
            } finally {
                followers.remove(follower);
            }
        });
        evidence.setOnCancelHandler(thread::interrupt);
        thread.start();
    }

    /** Whether the stream goes on. */
    private boolean receive(PeerVerdict.Verified peer, Report report, StreamObserver<Receipt> receipts) {
        try {
            sink.onReport(peer.id(), EvidenceMessages.report(report));
            receipts.onNext(Receipt.getDefaultInstance());
            return true;
        } catch (IllegalArgumentException malformed) {
            refuse(Optional.of(peer), "report: " + malformed.getMessage(), Status.INVALID_ARGUMENT, receipts);
            return false;
        }
    }

    private void refuse(Optional<PeerVerdict.Verified> peer, String why, Status status, StreamObserver<?> answers) {
        listener.onRefused(peer.map(PeerVerdict.Verified::id), why);
        answers.onError(status.withDescription(why).asRuntimeException());
    }
}
