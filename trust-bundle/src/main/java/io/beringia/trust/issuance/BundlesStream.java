package io.beringia.trust.issuance;

import io.beringia.trust.TrustTelemetry;
import io.beringia.trust.client.BundleMessages;
import io.beringia.trust.client.proto.BundlesInForce;
import io.beringia.trust.client.proto.BundlesState;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.TrustBundles;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * One caller that follows the roots. The virtual thread {@code watch} owns the way out; what the caller says comes on
 * threads of gRPC and only wakes it. States between the last one sent and the newest are left out.
 */
final class BundlesStream implements StreamObserver<BundlesInForce> {
    private static final long NOTHING = -1;

    private final ServerCallStreamObserver<BundlesState> states;
    private final OwnCredentials trusted;
    private final Consumer<BundlesInForce> onSaid;
    private final TrustTelemetry telemetry;
    private final Runnable onEnd;
    private final Semaphore wake = new Semaphore(0);
    private volatile long inForce = NOTHING;
    private volatile boolean ended;
    private boolean lagging;

    BundlesStream(
            ServerCallStreamObserver<BundlesState> states,
            OwnCredentials trusted,
            Consumer<BundlesInForce> onSaid,
            TrustTelemetry telemetry,
            Runnable onEnd) {
        this.states = states;
        this.trusted = trusted;
        this.onSaid = onSaid;
        this.telemetry = telemetry;
        this.onEnd = onEnd;
    }

    /** On the thread that gRPC calls the service on: handlers must be set before it returns. */
    void start() {
        states.setOnReadyHandler(wake::release);
        states.setOnCancelHandler(this::end);
        Thread.ofVirtual().name("watch").start(this::follow);
    }

    /** The caller's first word, and every later one: what is in force there. */
    @Override
    public void onNext(BundlesInForce said) {
        inForce = said.getSequence();
        onSaid.accept(said);
        wake.release();
    }

    @Override
    public void onError(Throwable gone) {
        end();
    }

    @Override
    public void onCompleted() {
        end();
    }

    private void end() {
        ended = true;
        wake.release();
    }

    private void follow() {
        telemetry.watchBegan();
        try (Credentials.Subscription changes = trusted.subscribe(wake::release)) {
            long sent = NOTHING;
            long answered = trusted.questions();
            while (!ended) {
                long questions = trusted.questions();
                TrustBundles newest = trusted.bundles();
                tellLag(inForce != newest.generation());
                boolean isDue = newest.generation() != sent || questions != answered;
                if (inForce != NOTHING && isDue && states.isReady()) {
                    states.onNext(BundleMessages.state(newest));
                    sent = newest.generation();
                    answered = questions;
                }
                wake.acquire();
                wake.drainPermits();
            }
            complete();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            tellLag(false);
            telemetry.watchEnded();
            onEnd.run();
        }
    }

    private void tellLag(boolean now) {
        if (now != lagging) {
            lagging = now;
            telemetry.lagging(now ? 1 : -1);
        }
    }

    private void complete() {
        if (!states.isCancelled()) {
            states.onCompleted();
        }
    }
}
