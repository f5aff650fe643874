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

    /** Five to ten minutes; then the caller opens another stream and proves anew that it holds its key. */
    static final int STREAM_MESSAGES_MAX = 3_000;

    private final Sink sink;
    private final Supplier<RegionEvidence> latest;
    private final Admission admission;
    private final Listener listener;
    private final Callers callers;
    private final int messagesMax;
    private final List<Follower> followers = new CopyOnWriteArrayList<>();

    /** @param latest the site's evidence by now; called once per message, any thread, must not wait */
    public EvidenceServer(Sink sink, Supplier<RegionEvidence> latest, Admission admission, Listener listener) {
        this(sink, latest, admission, listener, VerifiedPeer::followed, STREAM_MESSAGES_MAX);
    }

    EvidenceServer(
            Sink sink,
            Supplier<RegionEvidence> latest,
            Admission admission,
            Listener listener,
            Callers callers,
            int messagesMax) {
        this.sink = sink;
        this.latest = latest;
        this.admission = admission;
        this.listener = listener;
        this.callers = callers;
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

    /** Knows who calls. */
    @FunctionalInterface
    interface Callers {
        /** What the caller of the current call proves, whenever that is asked; empty where it showed no certificate. */
        Supplier<Optional<PeerVerdict>> followed();
    }

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
        Caller caller = new Caller(callers.followed(), admission.mayReport(), "may not report", receipts);
        return caller.admitted().isPresent()
                ? new Reports(report -> receive(caller, report, receipts), receipts, messagesMax)
                : Reports.refused(receipts);
    }

    @Override
    public void follow(FollowRequest request, StreamObserver<SiteEvidence> evidence) {
        Caller caller = new Caller(callers.followed(), admission.mayFollow(), "may not follow", evidence);
        caller.admitted().ifPresent(it -> follow(caller, it.id(), (ServerCallStreamObserver<SiteEvidence>) evidence));
    }

    private void follow(Caller caller, SpiffeId id, ServerCallStreamObserver<SiteEvidence> evidence) {
        if (followers.size() >= FOLLOWERS_MAX) {
            String why = "followers: " + FOLLOWERS_MAX + " (expected: fewer)";
            refuse(Optional.of(id), why, Status.RESOURCE_EXHAUSTED, evidence);
            return;
        }
        Follower follower = new Follower(
                latest, evidence, messagesMax, () -> caller.admitted().isPresent());
        followers.add(follower);
        Thread thread = Thread.ofVirtual().name("follow/" + id).unstarted(() -> {
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
    private boolean receive(Caller caller, Report report, StreamObserver<Receipt> receipts) {
        Optional<SpiffeId> observer = caller.admitted().map(PeerVerdict.Verified::id);
        try {
            observer.ifPresent(id -> {
                sink.onReport(id, EvidenceMessages.report(report));
                receipts.onNext(Receipt.getDefaultInstance());
            });
            return observer.isPresent();
        } catch (IllegalArgumentException malformed) {
            refuse(observer, "report: " + malformed.getMessage(), Status.INVALID_ARGUMENT, receipts);
            return false;
        }
    }

    /** The caller of one stream, looked at with each message: whom we trust may change while it lasts. */
    private final class Caller {
        private final Supplier<Optional<PeerVerdict>> shown;
        private final Predicate<PeerVerdict.Verified> may;
        private final String otherwise;
        private final StreamObserver<?> answers;

        private Caller(
                Supplier<Optional<PeerVerdict>> shown,
                Predicate<PeerVerdict.Verified> may,
                String otherwise,
                StreamObserver<?> answers) {
            this.shown = shown;
            this.may = may;
            this.otherwise = otherwise;
            this.answers = answers;
        }

        /** Who it is; empty where it may not, and then its stream has ended. */
        private Optional<PeerVerdict.Verified> admitted() {
            Optional<PeerVerdict> verdict = shown.get();
            Optional<PeerVerdict.Verified> admitted =
                    verdict.flatMap(PeerVerdict::verified).filter(may);
            if (admitted.isEmpty()) {
                refuse(
                        verdict.flatMap(PeerVerdict::verified).map(PeerVerdict.Verified::id),
                        otherwise + verdict.map(Caller::why).orElse(""),
                        Status.PERMISSION_DENIED,
                        answers);
            }
            return admitted;
        }

        private static String why(PeerVerdict verdict) {
            return switch (verdict) {
                case PeerVerdict.Verified somebody -> "";
                case PeerVerdict.Rejected rejected -> ": " + rejected.reason().word();
            };
        }
    }

    private void refuse(Optional<SpiffeId> caller, String why, Status status, StreamObserver<?> answers) {
        listener.onRefused(caller, why);
        answers.onError(status.withDescription(why).asRuntimeException());
    }
}
