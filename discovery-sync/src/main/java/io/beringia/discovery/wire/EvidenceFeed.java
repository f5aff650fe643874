package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.TrustedAnswers;
import io.beringia.trust.identity.SpiffeId;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One replica of a site's discovery, followed over a channel of its own. Any thread. */
public final class EvidenceFeed implements AutoCloseable {
    /** Evidence comes every 200 ms: a connection without it and without an answer to a PING is dead. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(2);

    private final ManagedChannel channel;
    private final TrustedAnswers answers;
    private final EvidenceClient.Following following;

    private EvidenceFeed(ManagedChannel channel, TrustedAnswers answers, EvidenceClient.Following following) {
        this.channel = channel;
        this.answers = answers;
        this.following = following;
    }

    /**
     * Begins to follow and returns at once.
     *
     * @param site what the replica must speak for
     * @param replica where it answers
     * @param id the identity that must answer there
     */
    public static EvidenceFeed open(
            RegionId site,
            SocketAddress replica,
            SpiffeId id,
            GrpcTls tls,
            EvidenceClient.Sources sources,
            EvidenceClient.Listener listener) {
        TrustedAnswers answers = new TrustedAnswers(tls);
        ManagedChannel channel = Grpc.newChannelBuilder("dns:///" + replica, tls.channel(id::equals))
                .intercept(answers)
                .keepAliveTime(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .build();
        return new EvidenceFeed(
                channel, answers, EvidenceClient.following(site, channel, evidence -> {}, sources, listener));
    }

    /** The newest evidence, however old it has become; empty until there was one. */
    public Optional<EvidenceClient.Held> latest() {
        return following.latest();
    }

    /** Ends the stream and its channel. */
    @Override
    public void close() {
        following.close();
        channel.shutdownNow();
        answers.close();
    }
}
