package io.beringia.discovery.peering;

import io.beringia.discovery.peering.PeerInbox.Event;
import io.beringia.discovery.peering.proto.Bye;
import io.beringia.discovery.peering.proto.Frame;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A stream that the peer opened. gRPC's callbacks only post; the peer's thread sends. */
final class AcceptedStream implements PeerStream, StreamObserver<Frame> {
    private final ServerCallStreamObserver<Frame> out;
    private final PeerInbox inbox;
    private final AtomicBoolean isEndPosted = new AtomicBoolean();

    AcceptedStream(ServerCallStreamObserver<Frame> out, PeerInbox inbox) {
        this.out = out;
        this.inbox = inbox;
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
