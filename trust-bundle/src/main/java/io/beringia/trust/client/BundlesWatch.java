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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One stream of accepted roots from an issuance server, opened again whenever it ends: four times a second for the first
 * ten seconds, if it ever told any, then after 1 s, doubled up to 150 s, 20 % less or more. The virtual thread {@code bundles} owns it; states arrive on threads of gRPC, one after the other.
 */
final class BundlesWatch implements AutoCloseable {
    /** A server that answers no PING within 30 s together is gone, whatever TCP believes. */
    private static final long KEEP_ALIVE_SECONDS = 20;

    private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 10;

    private final RemoteSource source;
    private final Holder holder;
    private final SecureRandom random;
    private final String instance;
    private volatile Optional<Answers> current = Optional.empty();
    private final Thread thread = Thread.ofVirtual().name("bundles").unstarted(this::repeat);

    BundlesWatch(RemoteSource source, Holder holder, SecureRandom random, String instance) {
        this.source = source;
        this.holder = holder;
        this.random = random;
        this.instance = instance;
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
        current.ifPresent(answers -> answers.end.complete("whom we trust has changed"));
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void repeat() {
        try {
            int failures = 0;
            boolean everTold = false;
            String told = "";
            while (true) {
                Answers answers = new Answers();
                current = Optional.of(answers);
                String why = follow(answers, failures % 2 == 1);
                failures = answers.any ? 0 : failures + 1;
                everTold |= answers.any;
                if (failures == 0 || !why.equals(told)) {
                    holder.broken(why);
                }
                told = why;
                Thread.sleep(
                        everTold
                                ? RenewalRules.untilNextStream(failures, random.nextDouble())
                                : RenewalRules.untilRetry(Math.max(1, failures), random.nextDouble()));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns why the stream ended. */
    private String follow(Answers answers, boolean again) throws InterruptedException {
        ManagedChannel channel = Grpc.newChannelBuilderForAddress(source.host(), source.port(), holder.shown(again))
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .build();
        try {
            StreamObserver<BundlesInForce> requests = BundlesGrpc.newStub(channel)
                    .withInterceptors(BearerToken.attached(BearerToken.read(source.token()), instance))
                    .watch(answers);
            requests.onNext(holder.inForce());
            return answers.end.get();
        } catch (ExecutionException | RuntimeException unusable) {
            return String.valueOf(unusable.getMessage());
        } finally {
            channel.shutdownNow();
        }
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
