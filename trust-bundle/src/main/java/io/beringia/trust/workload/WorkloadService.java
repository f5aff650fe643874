package io.beringia.trust.workload;

import com.google.protobuf.Message;
import io.beringia.trust.WorkloadTelemetry;
import io.beringia.trust.issuance.IssuanceRecord;
import io.beringia.trust.issuance.Refusal;
import io.beringia.trust.workload.proto.SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIImplBase;
import io.beringia.trust.workload.proto.X509BundlesRequest;
import io.beringia.trust.workload.proto.X509BundlesResponse;
import io.beringia.trust.workload.proto.X509SVIDRequest;
import io.beringia.trust.workload.proto.X509SVIDResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Gives each workload what the table says, and nobody else anything. Any thread. */
final class WorkloadService extends SpiffeWorkloadAPIImplBase {
    /** A stream is a virtual thread and a message of a few kilobytes; a machine runs fewer workloads. */
    private static final int STREAMS_MAX = 1_024;

    /** A process has two; so many processes of one user are a loop. */
    private static final int USER_STREAMS_MAX = 256;

    private final WorkloadTable table;
    private final WorkloadSvids svids;
    private final IssuanceRecord record;
    private final WorkloadTelemetry telemetry;
    private final Allowance streams = new Allowance(STREAMS_MAX, USER_STREAMS_MAX);

    WorkloadService(WorkloadTable table, WorkloadSvids svids, IssuanceRecord record, WorkloadTelemetry telemetry) {
        this.table = table;
        this.svids = svids;
        this.record = record;
        this.telemetry = telemetry;
    }

    @Override
    public void fetchX509SVID(X509SVIDRequest request, StreamObserver<X509SVIDResponse> observer) {
        follow(observer, entries -> state -> WorkloadMessages.svids(entries, state));
    }

    @Override
    public void fetchX509Bundles(X509BundlesRequest request, StreamObserver<X509BundlesResponse> observer) {
        follow(observer, entries -> state -> Optional.of(WorkloadMessages.bundles(state)));
    }

    private <M extends Message> void follow(
            StreamObserver<M> observer, Function<List<WorkloadEntry>, Function<WorkloadState, Optional<M>>> content) {
        Optional<UnixPeer> caller = WorkloadHeader.caller();
        List<WorkloadEntry> entries = caller.map(table::of).orElse(List.of());
        String who = caller.map(UnixPeer::toString).orElse("nobody");
        if (entries.isEmpty()) {
            record.refused(Refusal.NOT_ATTESTED, Optional.empty(), Optional.of(who));
            refuse(observer, WorkloadRefusal.NOT_ATTESTED, who);
            return;
        }
        String user = caller.orElseThrow().user().getName();
        if (!streams.take(user)) {
            refuse(observer, WorkloadRefusal.BUSY, who);
            return;
        }
        new WorkloadStream<>(
                        (ServerCallStreamObserver<M>) observer,
                        svids,
                        content.apply(entries),
                        telemetry,
                        () -> streams.give(user))
                .start();
    }

    private void refuse(StreamObserver<?> observer, WorkloadRefusal why, String who) {
        telemetry.refused(why, who);
        observer.onError(why.status().asRuntimeException());
    }
}
