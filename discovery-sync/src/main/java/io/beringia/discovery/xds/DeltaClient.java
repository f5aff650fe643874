package io.beringia.discovery.xds;

import com.google.protobuf.Any;
import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.wire.EncodedResource;
import io.beringia.discovery.wire.HealthInformation;
import io.beringia.discovery.wire.ResourceType;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryRequest;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryResponse;
import io.beringia.discovery.wire.xds.proto.Resource;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One stream of one client. Its virtual thread owns the session; gRPC's callbacks only post. Requests are taken one by
 * one, so the inbox never holds more than a request, a change of each kind and an end. Who it is, is asked again whenever whom we
 * trust or what is known has changed.
 */
final class DeltaClient implements StreamObserver<DeltaDiscoveryRequest> {
    /** One request is in flight at a time, one change of each kind is remembered, and a stream ends at most twice. */
    private static final int INBOX_EVENTS = 8;

    private final BlockingQueue<Event> inbox = new ArrayBlockingQueue<>(INBOX_EVENTS);
    private final AtomicBoolean isChangePosted = new AtomicBoolean();
    private final AtomicBoolean isTrustPosted = new AtomicBoolean();
    private final AtomicBoolean isEndPosted = new AtomicBoolean();
    private final ServerCallStreamObserver<DeltaDiscoveryResponse> out;
    private final Admission admission;
    private final DeltaService.Listener listener;
    private final HostWatch hosts;
    private final Set<DeltaClient> connected;
    private final DeltaSession session = new DeltaSession();
    private volatile Optional<PlanVersion> acknowledged = Optional.empty();

    DeltaClient(
            ServerCallStreamObserver<DeltaDiscoveryResponse> out,
            Admission admission,
            DeltaService.Listener listener,
            HostWatch hosts,
            Set<DeltaClient> connected) {
        this.out = out;
        this.hosts = hosts;
        this.connected = connected;
        this.admission = admission;
        this.listener = listener;
    }

    private sealed interface Event {
        record Requested(DeltaDiscoveryRequest request) implements Event {}

        /** What it is told. */
        record Changed() implements Event {}

        /** Whom we trust. */
        record TrustChanged() implements Event {}

        record Ended() implements Event {}
    }

    /** A client that was admitted, and for whom it speaks. */
    private record Guest(NodeClaim node, Admission.Standing standing, HostWatch.Visit visit) {}

    @Override
    public void onNext(DeltaDiscoveryRequest request) {
        inbox.add(new Event.Requested(request));
    }

    @Override
    public void onError(Throwable broken) {
        end();
    }

    @Override
    public void onCompleted() {
        end();
    }

    /** Any thread. */
    void end() {
        if (isEndPosted.compareAndSet(false, true)) {
            inbox.add(new Event.Ended());
        }
    }

    /** Any thread. Whom we trust has changed. */
    void trustChanged() {
        if (isTrustPosted.compareAndSet(false, true)) {
            inbox.add(new Event.TrustChanged());
        }
    }

    /** The client's whole life, on its own thread. */
    void run() {
        try {
            if (inbox.take() instanceof Event.Requested first) {
                serve(first.request());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            out.onError(Status.UNAVAILABLE.withDescription("stopping").asRuntimeException());
        } catch (StatusRuntimeException gone) {
            // the client left while it was being answered; there is nobody to tell
        } catch (RuntimeException bug) {
            // without its thread a stream would be silent, and nobody would judge it
            out.onError(Status.INTERNAL
                    .withDescription("a fault of this server: " + bug.getClass().getSimpleName())
                    .asRuntimeException());
            throw bug;
        }
    }

    private void serve(DeltaDiscoveryRequest first) throws InterruptedException {
        Optional<NodeClaim> node = NodeClaim.of(first.getNode());
        if (node.isEmpty()) {
            refuse(new Admission.Verdict.Refused(
                    Admission.Refusal.BAD_NODE, "node id (expected: kind~ip~pod.namespace~namespace.svc.domain)"));
            return;
        }
        switch (admission.admit(node.get())) {
            case Admission.Verdict.Refused refused -> refuse(refused);
            case Admission.Verdict.Admitted admitted -> follow(node.get(), admitted, first);
        }
    }

    private void refuse(Admission.Verdict.Refused refused) {
        listener.onRefused(refused);
        out.onError(status(refused));
    }

    private static StatusRuntimeException status(Admission.Verdict.Refused refused) {
        return code(refused.why()).withDescription(refused.word()).asRuntimeException();
    }

    private static Status code(Admission.Refusal why) {
        return switch (why) {
            case NO_PROOF, BAD_TOKEN, BAD_CERTIFICATE -> Status.UNAUTHENTICATED;
            case BAD_NODE, OTHER_CLUSTER, OTHER_ACCOUNT, NOT_A_GATEWAY, UNKNOWN_WORKLOAD -> Status.PERMISSION_DENIED;
            case UNAVAILABLE -> Status.UNAVAILABLE;
        };
    }

    private void follow(NodeClaim node, Admission.Verdict.Admitted admitted, DeltaDiscoveryRequest first)
            throws InterruptedException {
        Guest guest = new Guest(node, admitted.standing(), visit(admitted));
        listener.onAdmitted(node);
        connected.add(this);
        try (CatalogSource.Subscription subscription = admitted.feed().subscribe(this::onChange)) {
            if (stays(guest, guest.standing().byTrust())) { // from here on changes are heard, one may have come before
                onRequest(guest, first);
                do {
                    answer(admitted.feed());
                } while (handled(guest, inbox.take()));
            }
        } finally {
            connected.remove(this);
            guest.visit().onLeft();
            listener.onLeft(node);
        }
    }

    /** Whether it does; if not it has been told why. */
    private boolean stays(Guest guest, Optional<Admission.Verdict.Refused> refusal) {
        refusal.ifPresent(why -> {
            listener.onEnded(guest.node(), why);
            out.onError(status(why));
        });
        return refusal.isEmpty();
    }

    private HostWatch.Visit visit(Admission.Verdict.Admitted admitted) throws InterruptedException {
        return admitted.host().isPresent() ? hosts.onHost(admitted.host().get()) : HostWatch.Visit.DEAF;
    }

    private void onChange() {
        if (isChangePosted.compareAndSet(false, true)) {
            inbox.add(new Event.Changed());
        }
    }

    private boolean handled(Guest guest, Event event) throws InterruptedException {
        return switch (event) {
            case Event.Requested requested -> {
                onRequest(guest, requested.request());
                yield true;
            }
            case Event.Changed changed -> {
                isChangePosted.set(false);
                yield stays(guest, guest.standing().byCatalog());
            }
            case Event.TrustChanged changed -> {
                isTrustPosted.set(false);
                yield stays(guest, guest.standing().byTrust());
            }
            case Event.Ended ended -> {
                out.onCompleted();
                yield false;
            }
        };
    }

    private void onRequest(Guest guest, DeltaDiscoveryRequest request) throws InterruptedException {
        Optional<HostReport> report = HealthInformation.of(request);
        if (report.isPresent()) {
            guest.visit().onReport(report.get());
        } else {
            onResources(guest.node(), request);
        }
        out.request(1);
    }

    private void onResources(NodeClaim node, DeltaDiscoveryRequest request) {
        if (request.hasErrorDetail()) {
            listener.onNack(node, request.getErrorDetail().getMessage());
        }
        ResourceType.ofUrl(request.getTypeUrl())
                .ifPresent(type -> session.onRequest(new DeltaRequest(
                        type,
                        request.getResourceNamesSubscribeList(),
                        request.getResourceNamesUnsubscribeList(),
                        request.getInitialResourceVersionsMap(),
                        request.getResponseNonce(),
                        request.hasErrorDetail()
                                ? Optional.of(request.getErrorDetail().getMessage())
                                : Optional.empty())));
    }

    private void answer(ResourceFeed feed) {
        Resources resources = feed.latest();
        Optional<DeltaResponse> next = session.next(resources);
        while (next.isPresent()) {
            out.onNext(message(next.get()));
            listener.onSent(next.get().upserts().size(), next.get().removals().size());
            resources = feed.latest();
            next = session.next(resources);
        }
        if (session.isSettled()) {
            acknowledged = Optional.of(resources.plan());
        }
    }

    /** Any thread. Whether it has acknowledged all that rests on that plan, or on a later one. */
    boolean hasAcknowledged(PlanVersion plan) {
        return acknowledged.filter(it -> it.compareTo(plan) >= 0).isPresent();
    }

    private static DeltaDiscoveryResponse message(DeltaResponse response) {
        DeltaDiscoveryResponse.Builder message = DeltaDiscoveryResponse.newBuilder()
                .setSystemVersionInfo(response.version())
                .setTypeUrl(response.type().url())
                .setNonce(response.nonce())
                .addAllRemovedResources(response.removals());
        response.upserts().forEach(resource -> message.addResources(resource(resource)));
        return message.build();
    }

    private static Resource resource(EncodedResource it) {
        return Resource.newBuilder()
                .setName(it.name())
                .setVersion(it.version())
                .setResource(Any.newBuilder().setTypeUrl(it.type().url()).setValue(it.bytes()))
                .build();
    }
}
