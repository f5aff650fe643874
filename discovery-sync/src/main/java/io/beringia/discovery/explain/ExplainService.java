package io.beringia.discovery.explain;

import com.google.protobuf.BytesValue;
import com.google.protobuf.Empty;
import com.google.protobuf.StringValue;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UnsafeByteOperations;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.snapshot.Snapshot;
import io.beringia.trust.client.VerifiedPeer;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Shows operators all that this discovery knows, and takes their word that a cluster is gone. Any thread. */
public final class ExplainService implements BindableService {
    private static final int PIECE_BYTES = 1 << 20;

    /** Each costs the whole picture in memory; one operator needs one. */
    private static final int PICTURES_MAX = 4;

    private final Set<SpiffeId> operators;
    private final Supplier<Snapshot> picture;
    private final Forgetting forgetting;
    private final Listener listener;
    private final Semaphore pictures = new Semaphore(PICTURES_MAX);

    /** @param operators who may ask, exactly */
    public ExplainService(
            Set<SpiffeId> operators, Supplier<Snapshot> picture, Forgetting forgetting, Listener listener) {
        this.operators = Set.copyOf(operators);
        this.picture = picture;
        this.forgetting = forgetting;
        this.listener = listener;
    }

    /** Lets go of a cluster. */
    @FunctionalInterface
    public interface Forgetting {
        /**
         * How many services were held of it. Throws {@link IllegalArgumentException} where it is none that can be
         * forgotten.
         */
        int forget(ClusterId cluster);
    }

    /** Hears who asked. Must be quick. */
    public interface Listener {
        /** Somebody who is no operator; empty where nothing was proved. */
        void onRefused(Optional<SpiffeId> caller);

        void onForgotten(SpiffeId operator, ClusterId cluster, int services);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(ExplainMethods.SERVICE)
                .addMethod(ExplainMethods.SHOW, ServerCalls.asyncServerStreamingCall(this::show))
                .addMethod(ExplainMethods.FORGET, ServerCalls.asyncUnaryCall(this::forget))
                .build();
    }

    private void show(Empty request, StreamObserver<BytesValue> answers) {
        if (operator(answers).isEmpty()) {
            return;
        }
        if (!pictures.tryAcquire()) {
            answers.onError(refused(
                    Status.RESOURCE_EXHAUSTED,
                    "others are being shown it (expected: at most " + PICTURES_MAX + " at a time)"));
            return;
        }
        ServerCallStreamObserver<BytesValue> out = (ServerCallStreamObserver<BytesValue>) answers;
        out.setOnCloseHandler(pictures::release);
        out.setOnCancelHandler(pictures::release);
        Pieces pieces = new Pieces(SnapshotCodec.encode(picture.get()), out);
        out.setOnReadyHandler(pieces::send);
    }

    private void forget(StringValue request, StreamObserver<UInt32Value> answers) {
        Optional<SpiffeId> operator = operator(answers);
        if (operator.isEmpty()) {
            return;
        }
        try {
            ClusterId cluster = new ClusterId(request.getValue());
            int services = forgetting.forget(cluster);
            listener.onForgotten(operator.get(), cluster, services);
            answers.onNext(UInt32Value.of(services));
            answers.onCompleted();
        } catch (IllegalArgumentException unknown) {
            answers.onError(refused(Status.NOT_FOUND, String.valueOf(unknown.getMessage())));
        }
    }

    private Optional<SpiffeId> operator(StreamObserver<?> answers) {
        Optional<SpiffeId> caller = VerifiedPeer.current().map(PeerVerdict.Verified::id);
        Optional<SpiffeId> operator = caller.filter(operators::contains);
        if (operator.isEmpty()) {
            listener.onRefused(caller);
            answers.onError(refused(
                    Status.PERMISSION_DENIED,
                    caller.map(SpiffeId::toString).orElse("nobody") + " (expected: one of discovery.operators)"));
        }
        return operator;
    }

    private static StatusRuntimeException refused(Status status, String why) {
        return status.withDescription(why).asRuntimeException();
    }

    /** What is left to be sent of one picture, as fast as the caller takes it. Callbacks of one call come one by one. */
    private static final class Pieces {
        private final ByteBuffer left;
        private final ServerCallStreamObserver<BytesValue> out;
        private boolean isOver;

        private Pieces(byte[] bytes, ServerCallStreamObserver<BytesValue> out) {
            this.left = ByteBuffer.wrap(bytes);
            this.out = out;
        }

        void send() {
            while (!isOver && out.isReady()) {
                int size = Math.min(PIECE_BYTES, left.remaining());
                ByteBuffer piece = left.slice(left.position(), size);
                left.position(left.position() + size);
                out.onNext(BytesValue.of(UnsafeByteOperations.unsafeWrap(piece)));
                if (!left.hasRemaining()) {
                    isOver = true;
                    out.onCompleted();
                }
            }
        }
    }
}
