package io.beringia.discovery.peering;

import io.beringia.discovery.peering.PeerInbox.Event;
import io.beringia.discovery.peering.proto.Bye;
import io.beringia.discovery.peering.proto.Frame;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A stream that the peer opened. gRPC's callbacks only post; the peer's thread sends. */
final class AcceptedStream implements PeerStream, StreamObserver<Frame> {
    private final ServerCallStreamObserver<Frame> out;
    private final PeerInbox inbox;
    private final Supplier<Optional<PeerRefusal.OfLink>> refusal;
    private final AtomicBoolean isEndPosted = new AtomicBoolean();

    /** @param refusal why its caller is not the peer any more, whenever that is asked */
    AcceptedStream(
            ServerCallStreamObserver<Frame> out, PeerInbox inbox, Supplier<Optional<PeerRefusal.OfLink>> refusal) {
        this.out = out;
        this.inbox = inbox;
        this.refusal = refusal;
    }

    @Override
    public void onNext(Frame frame) {
        inbox.post(new Event.Received(this, frame));
    }

    @Override
    public void onError(Throwable broken) {
        ended("broken");
    }

    @Override
    public void onCompleted() {
        ended("ended by the peer");
    }

    /** Any thread; once. */
    void ended(String why) {
        if (isEndPosted.compareAndSet(false, true)) {
            inbox.post(new Event.Ended(this, why));
        }
    }

    /** Any thread. More can be sent. */
    void ready() {
        inbox.nudge();
    }

    @Override
    public boolean isReady() {
        return out.isReady();
    }

    @Override
    public void send(Frame frame) {
        if (!out.isCancelled()) {
            out.onNext(frame);
        }
    }

    @Override
    public void takeNext() {
        out.request(1);
    }

    @Override
    public Optional<PeerRefusal.OfLink> refusal() {
        return refusal.get();
    }

    @Override
    public void end(String why, Duration retryAfter) {
        if (!out.isCancelled()) {
            out.onNext(Frame.newBuilder()
                    .setBye(Bye.newBuilder().setReason(why).setRetryAfterMs(retryAfter.toMillis()))
                    .build());
            out.onCompleted();
        }
        ended(why);
    }
}
