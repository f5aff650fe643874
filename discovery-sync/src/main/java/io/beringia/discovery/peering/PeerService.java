package io.beringia.discovery.peering;

import io.beringia.discovery.peering.PeerInbox.Event;
import io.beringia.discovery.peering.proto.Bye;
import io.beringia.discovery.peering.proto.ClusterPeeringGrpc;
import io.beringia.discovery.peering.proto.Frame;
import io.beringia.trust.client.VerifiedPeer;
import io.beringia.trust.identity.PeerVerdict;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where peers come in: who greets as a configured peer, and is it by its certificate, is handed to that peer's thread. Stands
 * behind {@link VerifiedPeer}. Any thread.
 */
public final class PeerService extends ClusterPeeringGrpc.ClusterPeeringImplBase {
    private final PeerLinks links;
    private final PeerListener listener;

    public PeerService(PeerLinks links, PeerListener listener) {
        this.links = links;
        this.listener = listener;
    }

    @Override
    public StreamObserver<Frame> exchange(StreamObserver<Frame> responses) {
        ServerCallStreamObserver<Frame> out = (ServerCallStreamObserver<Frame>) responses;
        out.disableAutoRequest();
        Arrival arrival = new Arrival(out, VerifiedPeer.followed());
        out.setOnCancelHandler(() -> arrival.onError(Status.CANCELLED.asRuntimeException()));
        out.setOnReadyHandler(arrival::ready);
        out.request(1);
        return arrival;
    }

    private Optional<PeerRefusal.OfLink> refusal(
            Optional<PeerVerdict> caller, Optional<PeerLoop> peer, String claimed) {
        if (peer.isEmpty()) {
            return Optional.of(new PeerRefusal.UnknownPeer(claimed));
        }
        return caller.flatMap(PeerVerdict::verified)
                .<Optional<PeerRefusal.OfLink>>map(it -> peer.get().authority().refusalOf(it))
                .orElse(Optional.of(new PeerRefusal.Unproved()));
    }

    /** One stream until its greeting, then no more than a way to its peer's inbox. Callbacks of one call come one by one. */
    private final class Arrival implements StreamObserver<Frame> {
        private final ServerCallStreamObserver<Frame> out;
        private final Supplier<Optional<PeerVerdict>> caller;
        private Optional<AcceptedStream> accepted = Optional.empty();
        private boolean hasLeft;

        private Arrival(ServerCallStreamObserver<Frame> out, Supplier<Optional<PeerVerdict>> caller) {
            this.out = out;
            this.caller = caller;
        }

        @Override
        public void onNext(Frame frame) {
            accepted.ifPresentOrElse(stream -> stream.onNext(frame), () -> onGreeting(frame));
        }

        private void onGreeting(Frame hello) {
            String claimed = hello.getHello().getClusterId();
            Optional<PeerLoop> peer = links.loop(claimed);
            Optional<PeerRefusal.OfLink> refusal = refusal(caller.get(), peer, claimed);
            if (refusal.isPresent()) {
                listener.onLinkRefused(claimed, refusal.get());
                leave(Status.PERMISSION_DENIED, refusal.get().reason());
            } else if (peer.isPresent()) {
                greeted(hello, peer.get().inbox(), () -> refusal(caller.get(), peer, claimed));
            }
        }

        private void greeted(Frame hello, PeerInbox inbox, Supplier<Optional<PeerRefusal.OfLink>> refusal) {
            if (inbox.tryAccept()) {
                AcceptedStream stream = new AcceptedStream(out, inbox, refusal);
                accepted = Optional.of(stream);
                inbox.post(new Event.Accepted(stream, hello));
            } else {
                leave(Status.RESOURCE_EXHAUSTED, "too many links of one peer");
            }
        }

        private void leave(Status status, String why) {
            hasLeft = true;
            out.onNext(
                    Frame.newBuilder().setBye(Bye.newBuilder().setReason(why)).build());
            out.onError(status.withDescription(why).asRuntimeException());
        }

        private void leaveQuietly() {
            if (!hasLeft) {
                hasLeft = true;
                out.onCompleted();
            }
        }

        private void ready() {
            accepted.ifPresent(AcceptedStream::ready);
        }

        @Override
        public void onError(Throwable broken) {
            accepted.ifPresent(stream -> stream.onError(broken));
        }

        @Override
        public void onCompleted() {
            accepted.ifPresentOrElse(AcceptedStream::onCompleted, this::leaveQuietly);
        }
    }
}
