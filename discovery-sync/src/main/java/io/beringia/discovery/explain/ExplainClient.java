package io.beringia.discovery.explain;

import com.google.protobuf.BytesValue;
import com.google.protobuf.Empty;
import com.google.protobuf.StringValue;
import io.beringia.discovery.snapshot.Snapshot;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.identity.SpiffeId;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Asks one discovery as an operator. Owned by whoever opened it. */
public final class ExplainClient implements AutoCloseable {
    /** The picture of a large site over a slow line. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    /** As much as a snapshot may be. */
    private static final int PICTURE_BYTES_MAX = 1 << 30;

    /** Longer chains are loops. */
    private static final int CAUSES_MAX = 8;

    private final String address;
    private final ManagedChannel channel;

    private ExplainClient(String address, ManagedChannel channel) {
        this.address = address;
        this.channel = channel;
    }

    /**
     * Nothing is asked yet.
     *
     * @param address {@code host:port} for callers with an SVID
     * @param expected who must answer
     */
    public static ExplainClient open(String address, GrpcTls tls, Predicate<SpiffeId> expected) {
        return new ExplainClient(
                address, Grpc.newChannelBuilder(address, tls.channel(expected)).build());
    }

    /** All that it knows now. Throws {@link IOException} with the reason where it does not say. */
    public Snapshot show() throws IOException {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Iterator<BytesValue> pieces = ClientCalls.blockingServerStreamingCall(
                    channel, ExplainMethods.SHOW, options(), Empty.getDefaultInstance());
            while (pieces.hasNext()) {
                pieces.next().getValue().writeTo(bytes);
                if (bytes.size() > PICTURE_BYTES_MAX) {
                    throw new IOException(
                            address + ": more than " + PICTURE_BYTES_MAX + " bytes (expected: a picture)");
                }
            }
            return SnapshotCodec.decode(ByteBuffer.wrap(bytes.toByteArray()));
        } catch (StatusRuntimeException refused) {
            throw failed(refused);
        } catch (IllegalArgumentException foreign) {
            throw new IOException(address + ": " + foreign.getMessage(), foreign);
        }
    }

    /** How many services were held of that cluster, which is gone for good. */
    public int forget(String cluster) throws IOException {
        try {
            return ClientCalls.blockingUnaryCall(channel, ExplainMethods.FORGET, options(), StringValue.of(cluster))
                    .getValue();
        } catch (StatusRuntimeException refused) {
            throw failed(refused);
        }
    }

    private static CallOptions options() {
        return CallOptions.DEFAULT.withDeadlineAfter(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** In one line: the code, the words of the other end, and what stands behind. */
    private IOException failed(StatusRuntimeException refused) {
        List<String> words = new ArrayList<>();
        words.add(refused.getStatus().getCode().name());
        Optional.ofNullable(refused.getStatus().getDescription()).ifPresent(words::add);
        Throwable cause = refused;
        for (int depth = 0; depth < CAUSES_MAX && cause.getCause() != null; depth++) {
            cause = cause.getCause();
        }
        if (!(cause instanceof StatusRuntimeException)) {
            words.add(String.valueOf(cause.getMessage()));
        }
        return new IOException(address + ": " + String.join(", ", words), refused);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
