package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.wire.EvidenceClient.Held;
import io.beringia.discovery.wire.evidence.proto.EvidenceServiceGrpc;
import io.beringia.discovery.wire.evidence.proto.FollowRequest;
import io.beringia.discovery.wire.evidence.proto.SiteEvidence;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Follows one site through one replica. Its own thread owns the stream; {@link #latest()} is the door. A stream on which
 * nothing comes for a while, or evidence of another site, is left and opened again.
 */
final class EvidenceStream implements EvidenceClient.Following, Runnable {
    /** Ten evidences missed. From here on the site has no vote either. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(2);

    private final RegionId site;
    private final ManagedChannel replica;
    private final Consumer<RegionEvidence> onEvidence;
    private final EvidenceClient.Sources sources;
    private final EvidenceClient.Listener listener;
    private final Backoff backoff;
    private final Thread thread;
    private volatile Optional<Arrived> latest = Optional.empty();

    private EvidenceStream(
            RegionId site,
            ManagedChannel replica,
            Consumer<RegionEvidence> onEvidence,
            EvidenceClient.Sources sources,
            EvidenceClient.Listener listener) {
        this.site = site;
        this.replica = replica;
        this.onEvidence = onEvidence;
        this.sources = sources;
        this.listener = listener;
        this.backoff = new Backoff(sources.forked());
        this.thread = Thread.ofVirtual().name("evidence/" + site).unstarted(this);
    }

    private record Arrived(RegionEvidence evidence, long atNanos) {}

    private sealed interface Event {
        record Received(SiteEvidence message) implements Event {}

        /** A server ends each stream after a while, well, to prove its caller anew. */
        record Renewed() implements Event {}

        record Ended(String why) implements Event {}
    }

    static EvidenceStream start(
            RegionId site,
            ManagedChannel replica,
            Consumer<RegionEvidence> onEvidence,
            EvidenceClient.Sources sources,
            EvidenceClient.Listener listener) {
        EvidenceStream stream = new EvidenceStream(site, replica, onEvidence, sources, listener);
        stream.thread.start();
        return stream;
    }

    @Override
    public Optional<Held> latest() {
        return latest.map(it ->
                new Held(it.evidence(), Duration.ofNanos(sources.nanoTime().getAsLong() - it.atNanos())));
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    @Override
    public void run() {
        try {
            while (true) {
                backoff.pause(stream());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** One stream from its request to its end; whether anything of it was taken. */
    private boolean stream() throws InterruptedException {
        replica.enterIdle(); // each stream on a new connection, at once, with our newest certificate
        Answers answers = new Answers();
        EvidenceServiceGrpc.newStub(replica).follow(FollowRequest.getDefaultInstance(), answers);
        try {
            return follow(answers);
        } finally {
            answers.call.join().cancel("left", null);
        }
    }

    private boolean follow(Answers answers) throws InterruptedException {
        boolean wasUseful = false;
        while (true) {
            switch (answers.inbox.take(SILENCE_MAX).orElse(new Event.Ended("silent for " + SILENCE_MAX))) {
                case Event.Received received -> {
                    try {
                        take(EvidenceMessages.evidence(received.message()));
                    } catch (IllegalArgumentException refused) {
                        listener.onLost(replica.authority(), "evidence refused: " + refused.getMessage());
                        return wasUseful;
                    }
                    wasUseful = true;
                    answers.call.join().request(1);
                }
                case Event.Renewed _ -> {
                    if (!wasUseful) {
                        listener.onLost(replica.authority(), "ended before anything came of it");
                    }
                    return wasUseful;
                }
                case Event.Ended ended -> {
                    listener.onLost(replica.authority(), ended.why());
                    return wasUseful;
                }
            }
        }
    }

    /** Two replicas under one name would give one site two votes. */
    private void take(RegionEvidence evidence) {
        if (!evidence.site().equals(site)) {
            throw new IllegalArgumentException("site: " + evidence.site() + " (expected: " + site + ")");
        }
        latest = Optional.of(new Arrived(evidence, sources.nanoTime().getAsLong()));
        onEvidence.accept(evidence);
    }

    /** gRPC's side of one stream: posts what comes, one at a time. */
    private static final class Answers implements ClientResponseObserver<FollowRequest, SiteEvidence> {
        private final Newest<Event> inbox = new Newest<>();
        private final CompletableFuture<ClientCallStreamObserver<FollowRequest>> call = new CompletableFuture<>();

        @Override
        public void beforeStart(ClientCallStreamObserver<FollowRequest> requests) {
            requests.disableAutoRequestWithInitial(1);
            call.complete(requests);
        }

        @Override
        public void onNext(SiteEvidence message) {
            inbox.put(new Event.Received(message));
        }

        @Override
        public void onError(Throwable broken) {
            inbox.put(new Event.Ended(Status.fromThrowable(broken).toString()));
        }

        @Override
        public void onCompleted() {
            inbox.put(new Event.Renewed());
        }
    }
}
