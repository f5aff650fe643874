package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.CatalogSource;
import io.beringia.discovery.catalog.HostReport;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.TrustedAnswers;
import io.beringia.trust.identity.SpiffeId;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** A catalog that a discovery server tells, over a connection of its own. Any thread; close it to stop. */
public final class RemoteCatalog implements CatalogSource, AutoCloseable {
    /** As often as a server of ours permits. */
    private static final Duration PING_EVERY = Duration.ofSeconds(10);

    private static final Duration PING_TIMEOUT = Duration.ofSeconds(5);

    private final ManagedChannel channel;
    private final TrustedAnswers answers;
    private final CatalogClient client;

    private RemoteCatalog(ManagedChannel channel, TrustedAnswers answers, CatalogClient client) {
        this.channel = channel;
        this.answers = answers;
        this.client = client;
    }

    /**
     * Which server.
     *
     * @param host IP address or DNS name
     * @param id who must answer there, exactly
     */
    public record Server(String host, int port, SpiffeId id) {
        public Server {
            if (host.isEmpty() || port < 1 || port > 65_535) {
                throw new IllegalArgumentException(
                        "discovery: " + host + ":" + port + " (expected: a host, a port of 1..65535)");
            }
        }
    }

    /**
     * Starts with what was kept, if anything, and follows the server.
     *
     * @throws UncheckedIOException if nobody can say which plan was obeyed last; the message says what to do
     */
    public static RemoteCatalog start(
            Server server,
            CatalogClient.Subject subject,
            GrpcTls tls,
            RandomGenerator random,
            CatalogClient.Listener listener) {
        TrustedAnswers answers = new TrustedAnswers(tls);
        ManagedChannel channel = Grpc.newChannelBuilderForAddress(
                        server.host(), server.port(), tls.channel(server.id()::equals))
                .intercept(answers)
                .keepAliveTime(PING_EVERY.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(PING_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .build();
        try {
            return new RemoteCatalog(channel, answers, CatalogClient.start(channel, subject, random, listener));
        } catch (UncheckedIOException unknowable) {
            channel.shutdownNow();
            answers.close();
            throw unknowable;
        }
    }

    @Override
    public Catalog latest() {
        return client.latest();
    }

    @Override
    public Subscription subscribe(Runnable onChange) {
        return client.subscribe(onChange);
    }

    /** Tells the server how our application is, on this stream and on those that come. */
    public void say(HostReport report) {
        client.say(report);
    }

    /** The last catalog stays readable. */
    @Override
    public void close() {
        client.close();
        channel.shutdownNow();
        answers.close();
    }
}
