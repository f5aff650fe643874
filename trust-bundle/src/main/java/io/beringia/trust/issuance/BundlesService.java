package io.beringia.trust.issuance;

import io.beringia.trust.TrustTelemetry;
import io.beringia.trust.client.proto.BundlesGrpc.BundlesImplBase;
import io.beringia.trust.client.proto.BundlesInForce;
import io.beringia.trust.client.proto.BundlesState;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;

/**
 * Pushes the accepted roots to every caller whom we know, whole and within a second of a change. Any thread; each stream
 * has a virtual thread of its own that alone writes to it, so a slow caller costs nobody else anything.
 */
final class BundlesService extends BundlesImplBase {
    /** Ten times the processes of a large region; a stream holds a few kilobytes. */
    private static final int STREAMS_MAX = 2_048;

    private final Callers callers;
    private final OwnCredentials trusted;
    private final IssuanceRecord record;
    private final TrustTelemetry telemetry;
    private final InstantSource clock;
    private final Semaphore streams = new Semaphore(STREAMS_MAX);

    BundlesService(
            Callers callers,
            OwnCredentials trusted,
            IssuanceRecord record,
            TrustTelemetry telemetry,
            InstantSource clock) {
        this.callers = callers;
        this.trusted = trusted;
        this.record = record;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    @Override
    public StreamObserver<BundlesInForce> watch(StreamObserver<BundlesState> states) {
        return switch (callers.of(ShownCredentials.current(), trusted.bundles(), clock.instant())) {
            case Callers.Refused(Refusal why, String detail) -> refuse(states, why, detail);
            case Callers.Known(Caller caller)
            when streams.tryAcquire() -> watched(states, caller.in(ShownCredentials.instance()));
            case Callers.Known known -> refuse(states, Refusal.BUSY, STREAMS_MAX + " streams of roots at once");
        };
    }

    private StreamObserver<BundlesInForce> watched(StreamObserver<BundlesState> states, Caller caller) {
        BundlesStream stream = new BundlesStream(
                (ServerCallStreamObserver<BundlesState>) states,
                trusted,
                said -> record.inForce(caller, said.getSha256().toByteArray()),
                telemetry,
                streams::release);
        stream.start();
        return stream;
    }

    private StreamObserver<BundlesInForce> refuse(StreamObserver<BundlesState> states, Refusal why, String detail) {
        telemetry.refused(why, detail);
        states.onError(why.status().asRuntimeException());
        return new Ignored();
    }

    /** Of a caller that was refused. */
    private static final class Ignored implements StreamObserver<BundlesInForce> {
        @Override
        public void onNext(BundlesInForce inForce) {}

        @Override
        public void onError(Throwable gone) {}

        @Override
        public void onCompleted() {}
    }
}
