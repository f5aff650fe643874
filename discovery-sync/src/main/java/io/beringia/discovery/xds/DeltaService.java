package io.beringia.discovery.xds;

import io.beringia.discovery.wire.xds.proto.AggregatedDiscoveryServiceGrpc;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryRequest;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryResponse;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;

/** Delta xDS on one port: a virtual thread per client, each with its own session. Any thread. */
public final class DeltaService extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {
    /** A reconnecting client lists all it holds, about 100 bytes per resource. */
    private static final int REQUEST_BYTES_MAX = 64 << 20;

    /** A ztunnel pings every 30 s; the default of 5 min would answer too_many_pings. */
    private static final long PERMITTED_PING_SECONDS = 10;

    private static final long PING_SECONDS = 30;
    private static final long PING_TIMEOUT_SECONDS = 10;

    private final Admission admission;

    public DeltaService(Admission admission) {
        this.admission = admission;
    }

    /** A server of this service, not started; there is no maximum age, since a clean end makes a ztunnel reconnect at once. */
    public ServerBuilder<?> serverOn(int port, ServerCredentials credentials) {
        return Grpc.newServerBuilderForPort(port, credentials)
                .addService(this)
                .maxInboundMessageSize(REQUEST_BYTES_MAX)
                .permitKeepAliveTime(PERMITTED_PING_SECONDS, TimeUnit.SECONDS)
                .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
            StreamObserver<DeltaDiscoveryResponse> responses) {
        ServerCallStreamObserver<DeltaDiscoveryResponse> out =
                (ServerCallStreamObserver<DeltaDiscoveryResponse>) responses;
        out.disableAutoRequest();
        DeltaClient client = new DeltaClient(out, admission);
        out.setOnCancelHandler(client::end);
        Thread.ofVirtual().name("xds/client").start(Context.current().wrap(client::run));
        out.request(1);
        return client;
    }
}
