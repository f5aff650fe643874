package io.beringia.trust.workload;

import com.google.protobuf.Message;
import io.beringia.trust.WorkloadTelemetry;
import io.beringia.trust.identity.Credentials;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * One workload that follows what it may have. The virtual thread {@code workload-stream} owns the way out. States between the
 * last one sent and the newest are left out; what says nothing new is not sent.
 */
final class WorkloadStream<M extends Message> {
    private final ServerCallStreamObserver<M> observer;
    private final WorkloadSvids svids;
    private final Function<WorkloadState, Optional<M>> content;
    private final WorkloadTelemetry telemetry;
    private final Runnable onEnd;
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean ended;

    /** {@code content} is empty where the workload can get nothing now. */
    WorkloadStream(
            ServerCallStreamObserver<M> observer,
            WorkloadSvids svids,
            Function<WorkloadState, Optional<M>> content,
            WorkloadTelemetry telemetry,
            Runnable onEnd) {
        this.observer = observer;
        this.svids = svids;
        this.content = content;
        this.telemetry = telemetry;
        this.onEnd = onEnd;
    }

    /** On the thread that gRPC calls the service on: handlers must be set before it returns. */
    void start() {
        observer.setOnReadyHandler(wake::release);
        observer.setOnCancelHandler(() -> {
            ended = true;
            wake.release();
        });
        Thread.ofVirtual().name("workload-stream").start(this::follow);
    }

    private void follow() {
        telemetry.streamBegan();
        try (Credentials.Subscription changes = svids.subscribe(wake::release)) {
            Optional<M> sent = Optional.empty();
            while (!ended) {
                Optional<M> newest = content.apply(svids.latest());
                if (newest.isEmpty()) {
                    telemetry.refused(WorkloadRefusal.NOT_READY, "a stream");
                    observer.onError(WorkloadRefusal.NOT_READY.status().asRuntimeException());
                    return;
                }
                if (!newest.equals(sent) && observer.isReady()) {
                    observer.onNext(newest.get());
                    telemetry.updated();
                    sent = newest;
                }
                wake.acquire();
                wake.drainPermits();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            telemetry.streamEnded();
            onEnd.run();
        }
    }
}
