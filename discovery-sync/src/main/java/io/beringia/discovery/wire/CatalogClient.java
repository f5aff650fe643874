package io.beringia.discovery.wire;

import com.google.protobuf.Value;
import com.google.rpc.Status;
import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.wire.xds.proto.AggregatedDiscoveryServiceGrpc;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryRequest;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryResponse;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * A catalog followed over delta xDS. A lost stream is opened again with what is held, so that only changes are sent; while
 * there is none the last catalog stays, for ever. A server that rests on an older plan is left, and tried again later.
 *
 * <p>The thread {@code catalog} owns stream and resources; {@link #latest()} and {@link #subscribe} are its doors. The
 * channel belongs to the caller, who closes it after this.
 */
public final class CatalogClient implements CatalogSource, AutoCloseable {
    /** A server that restarts is found again within a blink; a dead one costs four dials a minute. */
    private static final long BACKOFF_MILLIS_MIN = 10;

    private static final long BACKOFF_MILLIS_MAX = 15_000;

    /** One response in flight, one report that is new, and the end. */
    private static final int INBOX_EVENTS = 4;

    /** As much as a ztunnel takes: the first answer of a type is the whole mesh in one message. */
    private static final int RESPONSE_BYTES_MAX = 200 << 20;

    /** One file, once more; a disk that hangs keeps no process from its end. */
    private static final Duration LAST_SAVE_MAX = Duration.ofSeconds(5);

    private final Channel channel;
    private final Subject subject;
    private final RandomGenerator random;
    private final Listener listener;
    private final Subscribers subscribers = new Subscribers();
    private final HeldResources held = new HeldResources();
    private final Thread thread;
    private final Optional<KeptCatalog> kept;
    private volatile Catalog latest = Catalog.EMPTY;
    private volatile Optional<HostReport> report = Optional.empty();
    private volatile Optional<Responses> current = Optional.empty();

    private CatalogClient(Channel channel, Subject subject, RandomGenerator random, Listener listener) {
        this.channel = channel;
        this.subject = subject;
        this.random = random;
        this.listener = listener;
        this.kept = subject.lastGood().map(file -> KeptCatalog.open(file, listener::onRefused));
        this.thread = Thread.ofVirtual().name("catalog").unstarted(this::follow);
    }

    /**
     * Who asks, and for what.
     *
     * @param nodeId {@code beringia-gateway~<ip>~<pod>.<ns>~<ns>.svc.cluster.local}, or {@code beringia-host~...}
     * @param claims what it says of itself beside that, such as {@code CLUSTER_ID} and {@code NETWORK}
     * @param types at least {@link ResourceType#AUTHORIZATION} and {@link ResourceType#ADDRESS}
     * @param lastGood where the catalog is kept over restarts, and beside it, with {@code .plan} at its end, which plan was
     *     obeyed last; empty keeps none
     */
    public record Subject(String nodeId, Map<String, String> claims, Set<ResourceType> types, Optional<Path> lastGood) {
        public Subject {
            claims = Map.copyOf(claims);
            types = Set.copyOf(types);
            if (!types.contains(ResourceType.AUTHORIZATION)) {
                throw new IllegalArgumentException(
                        "types: " + types + " (expected: AUTHORIZATION among them, addresses wait for it)");
            }
        }

        /** A gateway, which is told of everything. */
        public static Subject gateway(Place place, Optional<Path> lastGood) {
            return new Subject(
                    place.nodeId("beringia-gateway"), place.claims(), EnumSet.allOf(ResourceType.class), lastGood);
        }

        /** A proxy of one pod, which is told what a ztunnel is told. */
        public static Subject host(Place place, Optional<Path> lastGood) {
            return host(place, place.claims(), lastGood);
        }

        /** A proxy of one WorkloadEntry, named as Istio's agents name it, which may say how it is. */
        public static Subject entry(Place place, Optional<Path> lastGood) {
            Map<String, String> claims = new HashMap<>(place.claims());
            claims.put("WORKLOAD_ENTRY", place.pod());
            return host(place, claims, lastGood);
        }

        private static Subject host(Place place, Map<String, String> claims, Optional<Path> lastGood) {
            return new Subject(
                    place.nodeId("beringia-host"),
                    claims,
                    EnumSet.of(ResourceType.AUTHORIZATION, ResourceType.ADDRESS),
                    lastGood);
        }
    }

    /** Where a client of ours says that it is. */
    public record Place(ClusterId cluster, Network network, IpAddress ip, String namespace, String pod) {
        private String nodeId(String kind) {
            return kind + "~" + ip + "~" + pod + "." + namespace + "~" + namespace + ".svc.cluster.local";
        }

        private Map<String, String> claims() {
            return Map.of("CLUSTER_ID", cluster.name(), "NETWORK", network.name());
        }
    }

    /** Hears what goes wrong, on the thread {@code catalog}. */
    public interface Listener {
        /** The stream is gone; it is opened again. */
        void onDisconnected(String why);

        /** Parts of a response were refused, the rest applied; or the kept catalog cannot be read or written. */
        void onRefused(String what);
    }

    /**
     * Starts with what was kept, if anything, and follows the server.
     *
     * @throws UncheckedIOException if an earlier life obeyed a plan and nobody can say any more which; the message says what
     *     to do
     */
    public static CatalogClient start(Channel channel, Subject subject, RandomGenerator random, Listener listener) {
        CatalogClient client = new CatalogClient(channel, subject, random, listener);
        client.load();
        client.thread.start();
        return client;
    }

    /** Any thread. Revision 0 until every type was answered once or a kept catalog was found. */
    @Override
    public Catalog latest() {
        return latest;
    }

    /** Any thread. */
    @Override
    public Subscription subscribe(Runnable onChange) {
        return subscribers.add(onChange);
    }

    /** Any thread. Tells the server how our application is, at once and on every stream that comes. */
    public void say(HostReport news) {
        report = Optional.of(news);
        current.ifPresent(Responses::sayAgain);
    }

    /** Any thread but our own. Stops following; the last catalog stays readable, and is kept once this returns. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(LAST_SAVE_MAX);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        long backoffMillis = BACKOFF_MILLIS_MIN;
        try {
            while (true) {
                boolean wasUseful = stream();
                kept.ifPresent(KeptCatalog::save);
                backoffMillis = wasUseful ? BACKOFF_MILLIS_MIN : Math.min(2 * backoffMillis, BACKOFF_MILLIS_MAX);
                Thread.sleep(Duration.ofMillis(1 + random.nextLong(backoffMillis)));
            }
        } catch (InterruptedException stop) {
            kept.ifPresent(KeptCatalog::save);
            Thread.currentThread().interrupt();
        }
    }

    /** One stream from its first request to its end; whether anything of it was applied. */
    private boolean stream() throws InterruptedException {
        Responses responses = new Responses();
        current = Optional.of(responses);
        connectAnew();
        ClientCallStreamObserver<DeltaDiscoveryRequest> requests =
                (ClientCallStreamObserver<DeltaDiscoveryRequest>) AggregatedDiscoveryServiceGrpc.newStub(channel)
                        .withMaxInboundMessageSize(RESPONSE_BYTES_MAX)
                        .deltaAggregatedResources(responses);
        try {
            subject.types().stream().sorted().forEach(type -> requests.onNext(first(type)));
            sayReport(requests);
            return follow(responses, requests);
        } finally {
            current = Optional.empty();
            requests.cancel("left", null);
        }
    }

    private void sayReport(ClientCallStreamObserver<DeltaDiscoveryRequest> requests) {
        report.map(HealthInformation::request).ifPresent(requests::onNext);
    }

    /**
     * At once, since a channel's back-off grows to two minutes; and anew, so that our newest certificate is shown: a server
     * that ended a stream because of the one before would do so again.
     */
    private void connectAnew() {
        if (channel instanceof ManagedChannel managed) {
            managed.enterIdle();
        }
    }

    private boolean follow(Responses responses, ClientCallStreamObserver<DeltaDiscoveryRequest> requests)
            throws InterruptedException {
        boolean wasUseful = false;
        while (true) {
            switch (next(responses.inbox)) {
                case Event.Received received
                when held.isOlder(received.response()) -> {
                    listener.onDisconnected(
                            "an older plan: " + received.response().getSystemVersionInfo());
                    return false;
                }
                case Event.Received received -> {
                    kept.ifPresent(it -> it.raise(HeldResources.plan(received.response())));
                    wasUseful |= answered(received.response(), requests);
                    requests.request(1);
                }
                case Event.Reported reported -> {
                    responses.isReportPosted.set(false);
                    sayReport(requests);
                }
                case Event.Quiet quiet -> {}
                case Event.Ended ended -> {
                    listener.onDisconnected(ended.why());
                    return wasUseful;
                }
            }
        }
    }

    /** A stream that is never quiet is kept all the same. */
    private Event next(BlockingQueue<Event> inbox) throws InterruptedException {
        kept.ifPresent(it -> it.saveIfDue(System.nanoTime()));
        Duration patience = kept.map(it -> it.patience(System.nanoTime())).orElse(KeptCatalog.SAVE_WITHIN);
        return Optional.ofNullable(inbox.poll(patience.toNanos(), TimeUnit.NANOSECONDS))
                .orElse(new Event.Quiet());
    }

    private boolean answered(
            DeltaDiscoveryResponse response, ClientCallStreamObserver<DeltaDiscoveryRequest> requests) {
        Optional<ResourceType> type = ResourceType.ofUrl(response.getTypeUrl()).filter(subject.types()::contains);
        Optional<String> refused = type.flatMap(it -> held.apply(it, response));
        refused.ifPresent(listener::onRefused);
        publish();
        DeltaDiscoveryRequest.Builder answer = DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(response.getTypeUrl())
                .setResponseNonce(response.getNonce());
        refused.ifPresent(why -> answer.setErrorDetail(Status.newBuilder().setMessage(why)));
        requests.onNext(answer.build());
        return refused.isEmpty();
    }

    /** Half a catalog is none: before each type was answered the services may stand there without policies. */
    private void publish() {
        if (latest.revision() > 0 || held.hasAll(subject.types())) {
            Catalog next = held.catalog(latest.revision() + 1);
            latest = next;
            kept.ifPresent(it -> it.changed(next, System.nanoTime()));
            subscribers.changed();
        }
    }

    private DeltaDiscoveryRequest first(ResourceType type) {
        DeltaDiscoveryRequest.Builder request = DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(type.url())
                .putAllInitialResourceVersions(held.versions(type));
        request.getNodeBuilder().setId(subject.nodeId());
        subject.claims()
                .forEach((key, value) -> request.getNodeBuilder()
                        .getMetadataBuilder()
                        .putFields(key, Value.newBuilder().setStringValue(value).build()));
        return request.build();
    }

    private void load() {
        kept.ifPresent(it -> {
            held.atLeast(it.floor());
            it.load().ifPresent(catalog -> {
                held.load(catalog);
                latest = catalog;
            });
        });
    }

    private sealed interface Event {
        record Received(DeltaDiscoveryResponse response) implements Event {}

        /** There is another report. */
        record Reported() implements Event {}

        record Quiet() implements Event {}

        record Ended(String why) implements Event {}
    }

    /** gRPC's side of one stream: posts what comes, one at a time. */
    private static final class Responses
            implements ClientResponseObserver<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {
        private final BlockingQueue<Event> inbox = new ArrayBlockingQueue<>(INBOX_EVENTS);
        private final AtomicBoolean isReportPosted = new AtomicBoolean();

        /** Any thread. */
        void sayAgain() {
            if (isReportPosted.compareAndSet(false, true)) {
                inbox.add(new Event.Reported());
            }
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<DeltaDiscoveryRequest> requests) {
            requests.disableAutoRequestWithInitial(1);
        }

        @Override
        public void onNext(DeltaDiscoveryResponse response) {
            inbox.add(new Event.Received(response));
        }

        @Override
        public void onError(Throwable broken) {
            inbox.add(new Event.Ended(io.grpc.Status.fromThrowable(broken).toString()));
        }

        @Override
        public void onCompleted() {
            inbox.add(new Event.Ended("ended by the server"));
        }
    }
}
