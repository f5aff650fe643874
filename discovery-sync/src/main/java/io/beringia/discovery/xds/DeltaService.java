package io.beringia.discovery.xds;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.wire.xds.proto.AggregatedDiscoveryServiceGrpc;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryRequest;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryResponse;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Delta xDS on one port: a virtual thread per client, each with its own session. Any thread. */
public final class DeltaService extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {
    /** Hears of clients, on their threads. */
    public interface Listener {
        void onAdmitted(NodeClaim node);

        void onRefused(Admission.Verdict.Refused refused);

        /** It was sent so many resources, and names of so many that are gone. */
        void onSent(int resources, int removals);

        /** It does not take parts of what it was sent; it is not sent them again until they change. */
        void onNack(NodeClaim node, String why);

        /** A client that was admitted is no more what it was admitted as, and has been told so; it is about to leave. */
        void onEnded(NodeClaim node, Admission.Verdict.Refused why);

        /** A client that was admitted is gone. */
        void onLeft(NodeClaim node);
    }

    private final Admission admission;
    private final Listener listener;
    private final HostWatch hosts;
    private final Set<DeltaClient> connected = ConcurrentHashMap.newKeySet();

    public DeltaService(Admission admission, Listener listener) {
        this(admission, listener, HostWatch.DEAF);
    }

    /** @param hosts hears how they are */
    public DeltaService(Admission admission, Listener listener, HostWatch hosts) {
        this.admission = admission;
        this.listener = listener;
        this.hosts = hosts;
    }

    /** Any thread. How far the clients that are connected now have followed that plan. */
    public Proxies proxies(PlanVersion accepted) {
        List<DeltaClient> clients = List.copyOf(connected);
        int acknowledged = (int) clients.stream()
                .filter(client -> client.hasAcknowledged(accepted))
                .count();
        return new Proxies(accepted, clients.size(), acknowledged);
    }

    /** Any thread. Whom we trust has changed: who is connected is judged anew, each on its own thread. Never waits. */
    public void trustChanged() {
        connected.forEach(DeltaClient::trustChanged);
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
            StreamObserver<DeltaDiscoveryResponse> responses) {
        ServerCallStreamObserver<DeltaDiscoveryResponse> out =
                (ServerCallStreamObserver<DeltaDiscoveryResponse>) responses;
        out.disableAutoRequest();
        DeltaClient client = new DeltaClient(out, admission, listener, hosts, connected);
        out.setOnCancelHandler(client::end);
        Thread.ofVirtual().name("xds/client").start(Context.current().wrap(client::run));
        out.request(1);
        return client;
    }
}
