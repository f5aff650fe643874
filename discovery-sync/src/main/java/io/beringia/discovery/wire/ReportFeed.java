package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.TrustedAnswers;
import io.beringia.trust.identity.SpiffeId;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reports of one observer to every replica of its site's discovery, over channels of its own. Any thread. */
public final class ReportFeed implements AutoCloseable {
    /** A report goes every 200 ms: a connection without a receipt and without an answer to a PING is dead. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(2);

    private final List<ManagedChannel> channels;
    private final TrustedAnswers answers;
    private final EvidenceClient.Reporting reporting;

    private ReportFeed(List<ManagedChannel> channels, TrustedAnswers answers, EvidenceClient.Reporting reporting) {
        this.channels = channels;
        this.answers = answers;
        this.reporting = reporting;
    }

    /**
     * One replica.
     *
     * @param server the identity that must answer there
     */
    public record Replica(SocketAddress address, SpiffeId server) {}

    /** Opens channels to them and returns at once; none of them need be there yet. */
    public static ReportFeed open(
            List<Replica> replicas, GrpcTls tls, EvidenceClient.Sources sources, EvidenceClient.Listener listener) {
        TrustedAnswers answers = new TrustedAnswers(tls);
        List<ManagedChannel> channels =
                replicas.stream().map(replica -> channel(replica, tls, answers)).toList();
        return new ReportFeed(channels, answers, EvidenceClient.reporting(channels, sources, listener));
    }

    private static ManagedChannel channel(Replica replica, GrpcTls tls, TrustedAnswers answers) {
        return Grpc.newChannelBuilder("dns:///" + replica.address(), tls.channel(replica.server()::equals))
                .intercept(answers)
                .keepAliveTime(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .build();
    }

    /** Never waits; a replica that is slow or away gets the newest report only. */
    public void report(ObserverReport report) {
        reporting.report(report);
    }

    /** Ends the streams and their channels. */
    @Override
    public void close() {
        reporting.close();
        channels.forEach(ManagedChannel::shutdownNow);
        answers.close();
    }
}
