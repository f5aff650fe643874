package io.beringia.discovery.peering;

import io.beringia.discovery.peering.PeerInbox.Event;
import io.beringia.discovery.peering.proto.ClusterPeeringGrpc;
import io.beringia.discovery.peering.proto.Frame;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A stream that we opened, with a channel of its own, which ends with it. Owned by the peer's thread, which opens it too;
 * gRPC's callbacks only post.
 */
final class DialledStream implements PeerStream {
    private final ManagedChannel channel;
    private final PeerInbox inbox;
    private Optional<ClientCallStreamObserver<Frame>> out = Optional.empty();
    private Optional<AnswerCheck> check = Optional.empty();

    private DialledStream(ManagedChannel channel, PeerInbox inbox) {
        this.channel = channel;
        this.inbox = inbox;
    }

    /** Dials; whoever answers is looked at before its first frame, see {@link AnswerCheck}. */
    static DialledStream open(PeerDialler dialler, PeerAuthority authority, String address, PeerInbox inbox) {
        DialledStream stream = new DialledStream(dialler.dial(authority.peer(), address), inbox);
        AnswerCheck check =
                new AnswerCheck(dialler.identities(), authority, why -> inbox.post(new Event.NotThePeer(stream, why)));
        stream.check = Optional.of(check);
        stream.out = Optional.of((ClientCallStreamObserver<Frame>) ClusterPeeringGrpc.newStub(stream.channel)
                .withInterceptors(check)
                .exchange(stream.new Frames()));
        return stream;
    }

    @Override
    public boolean isReady() {
        return out.filter(ClientCallStreamObserver::isReady).isPresent();
    }

    @Override
    public void send(Frame frame) {
        out.ifPresent(it -> it.onNext(frame));
    }

    @Override
    public void takeNext() {
        out.ifPresent(it -> it.request(1));
    }

    @Override
    public Optional<PeerRefusal.OfLink> refusal() {
        return check.flatMap(AnswerCheck::refusal);
    }

    @Override
    public void end(String why, Duration retryAfter) {
        out.ifPresent(it -> it.cancel(why, null));
        channel.shutdownNow();
    }

    /** gRPC's side: posts what comes, one at a time. */
    private final class Frames implements ClientResponseObserver<Frame, Frame> {
        private final AtomicBoolean isEndPosted = new AtomicBoolean();

        @Override
        public void beforeStart(ClientCallStreamObserver<Frame> requests) {
            requests.disableAutoRequestWithInitial(1);
            requests.setOnReadyHandler(inbox::nudge);
        }

        @Override
        public void onNext(Frame frame) {
            inbox.post(new Event.Received(DialledStream.this, frame));
        }

        @Override
        public void onError(Throwable broken) {
            ended(Status.fromThrowable(broken).toString());
        }

        @Override
        public void onCompleted() {
            ended("ended by the peer");
        }

        private void ended(String why) {
            if (isEndPosted.compareAndSet(false, true)) {
                inbox.post(new Event.Ended(DialledStream.this, why));
            }
        }
    }
}
