package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.wire.evidence.proto.EvidenceServiceGrpc;
import io.beringia.discovery.wire.evidence.proto.Receipt;
import io.beringia.discovery.wire.evidence.proto.Report;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;

/**
 * Reports to one replica, one unanswered at a time. Its own thread owns the stream; {@link #report} is the door. A report
 * that could not be delivered goes again, with its age grown, unless a newer one has come.
 */
final class ReportStream implements Runnable {
    /** A replica that takes longer is as good as gone; another stream may find it well. */
    private static final Duration RECEIPT_MAX = Duration.ofSeconds(2);

    private final ManagedChannel replica;
    private final EvidenceClient.Sources sources;
    private final EvidenceClient.Listener listener;
    private final Backoff backoff;
    private final Newest<Written> newest = new Newest<>();

    ReportStream(ManagedChannel replica, EvidenceClient.Sources sources, EvidenceClient.Listener listener) {
        this.replica = replica;
        this.sources = sources;
        this.listener = listener;
        this.backoff = new Backoff(sources.forked());
    }

    private record Written(ObserverReport report, long atNanos) {}

    private sealed interface Event {
        record Received() implements Event {}

        /** A server ends each stream after a while, well, to prove its caller anew. */
        record Renewed() implements Event {}

        record Ended(String why) implements Event {}
    }

    String name() {
        return "report/" + replica.authority();
    }

    void report(ObserverReport report) {
        newest.put(new Written(report, sources.nanoTime().getAsLong()));
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

    /** One stream, from a first report to its end; whether anything of it arrived. */
    private boolean stream() throws InterruptedException {
        Written first = newest.take();
        replica.enterIdle(); // each stream on a new connection, at once, with our newest certificate
        Answers answers = new Answers();
        ClientCallStreamObserver<Report> reports = (ClientCallStreamObserver<Report>)
                EvidenceServiceGrpc.newStub(replica).observe(answers);
        try {
            return follow(first, reports, answers.inbox);
        } finally {
            reports.cancel("left", null);
        }
    }

    private boolean follow(Written first, StreamObserver<Report> reports, Newest<Event> inbox)
            throws InterruptedException {
        boolean wasUseful = false;
        Written next = first;
        while (true) {
            reports.onNext(EvidenceMessages.report(aged(next)));
            switch (inbox.take(RECEIPT_MAX).orElse(new Event.Ended("no receipt for " + RECEIPT_MAX))) {
                case Event.Received _ -> {
                    wasUseful = true;
                    next = newest.take();
                }
                case Event.Renewed _ -> {
                    newest.putBack(next);
                    if (!wasUseful) {
                        listener.onLost(replica.authority(), "ended before anything came of it");
                    }
                    return wasUseful;
                }
                case Event.Ended ended -> {
                    newest.putBack(next);
                    listener.onLost(replica.authority(), ended.why());
                    return wasUseful;
                }
            }
        }
    }

    private ObserverReport aged(Written written) {
        return written.report().olderBy(Duration.ofNanos(sources.nanoTime().getAsLong() - written.atNanos()));
    }

    /** gRPC's side of one stream: posts what comes. */
    private static final class Answers implements StreamObserver<Receipt> {
        private final Newest<Event> inbox = new Newest<>();

        @Override
        public void onNext(Receipt receipt) {
            inbox.put(new Event.Received());
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
