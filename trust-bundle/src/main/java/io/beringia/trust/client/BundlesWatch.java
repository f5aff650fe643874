package io.beringia.trust.client;

import io.beringia.trust.client.proto.BundlesGrpc;
import io.beringia.trust.client.proto.BundlesInForce;
import io.beringia.trust.client.proto.BundlesState;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One stream of accepted roots from an issuance server, opened again whenever it ends, as {@link StreamAttempts} says. The virtual
 * thread {@code bundles} owns it; states arrive on threads of gRPC, one after the other.
 */
final class BundlesWatch implements AutoCloseable {
    /** A server that answers no PING within 30 s together is gone, whatever TCP believes. */
    private static final long KEEP_ALIVE_SECONDS = 20;

    private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 10;

    /** Why a stream ends that we end ourselves: this very text, which no server can say. */
    private static final String CHANGED = "whom we trust has changed";

    private final RemoteSource source;
    private final Holder holder;
    private final SecureRandom random;
    private final String instance;
    private final LongSupplier nanos;
    private volatile Optional<Answers> current = Optional.empty();
    private final Thread thread = Thread.ofVirtual().name("bundles").unstarted(this::repeat);

    /** @param nanos a clock that only ever goes on, in nanoseconds */
    BundlesWatch(RemoteSource source, Holder holder, SecureRandom random, String instance, LongSupplier nanos) {
        this.source = source;
        this.holder = holder;
        this.random = random;
        this.instance = instance;
        this.nanos = nanos;
    }

    /** Who holds the roots, and what we show to the server. Any thread. */
    interface Holder {
        /**
         * For a new connection.
         *
         * @param again the last one did not come about: perhaps our certificate is not good any more, so go by token
         */
        ChannelCredentials shown(boolean again);

        BundlesInForce inForce();

        /** Judges a state; what is in force then is {@link #inForce}. */
        void offered(BundlesState state);

        /** A stream ended; another will be tried. Told once for as long as the reason is the same. */
        void broken(String why);
    }

    void start() {
        thread.start();
    }

    /** Ends the stream, so that the next one judges the server anew. Any thread; never blocks. */
    void again() {
        current.ifPresent(answers -> answers.end.complete(CHANGED));
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void repeat() {
        try {
            StreamAttempts attempts = StreamAttempts.NONE;
            while (true) {
                attempts = attempt(attempts);
                Thread.sleep(attempts.untilNext(random.nextDouble()));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private StreamAttempts attempt(StreamAttempts before) throws InterruptedException {
        Answers answers = new Answers();
        current = Optional.of(answers);
        long begun = nanos.getAsLong();
        String why = follow(answers, before.again());
        Duration lasted = Duration.ofNanos(nanos.getAsLong() - begun);
        StreamAttempts after = before.ended(answers.any, why.equals(CHANGED), lasted, why);
        if (after.isNews()) {
            tell(why);
        }
        return after;
    }

    /** Whoever fails when he hears of it ends no watch: roots that are followed no more would be believed for ever. */
    private void tell(String why) {
        try {
            holder.broken(why);
        } catch (RuntimeException ignored) {
            // Nobody is left to be told.
        }
    }

    /** Returns why the stream ended, or never began. */
    private String follow(Answers answers, boolean again) throws InterruptedException {
        try {
            ManagedChannel channel = Grpc.newChannelBuilderForAddress(source.host(), source.port(), holder.shown(again))
                    .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                    .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .build();
            try {
                return follow(answers, channel);
            } finally {
                channel.shutdownNow();
            }
        } catch (ExecutionException | RuntimeException unusable) {
            return String.valueOf(unusable.getMessage());
        }
    }

    private String follow(Answers answers, ManagedChannel channel) throws InterruptedException, ExecutionException {
        StreamObserver<BundlesInForce> requests = BundlesGrpc.newStub(channel)
                .withInterceptors(BearerToken.attached(BearerToken.read(source.token()), instance))
                .watch(answers);
        requests.onNext(holder.inForce());
        return answers.end.get();
    }

    /** Takes states. The server says nothing before our first word, so only one thread at a time writes to it. */
    private final class Answers implements ClientResponseObserver<BundlesInForce, BundlesState> {
        private final CompletableFuture<String> end = new CompletableFuture<>();
        private Optional<ClientCallStreamObserver<BundlesInForce>> requests = Optional.empty();
        private volatile boolean any;

        @Override
        public void beforeStart(ClientCallStreamObserver<BundlesInForce> stream) {
            requests = Optional.of(stream);
        }

        @Override
        public void onNext(BundlesState state) {
            if (end.isDone()) {
                return;
            }
            any = true;
            holder.offered(state);
            requests.ifPresent(stream -> stream.onNext(holder.inForce()));
        }

        @Override
        public void onError(Throwable broken) {
            end.complete(StatusText.of(Status.fromThrowable(broken)));
        }

        @Override
        public void onCompleted() {
            end.complete("ended by the server");
        }
    }
}
