package io.beringia.discovery.peering;

import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.VerifiedPeer;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The one port for callers with an SVID: peers, gateways, failover. Every handshake proves both sides, and each service
 * asks {@link VerifiedPeer#current()} whether that caller may do what it asks. Any thread; close it to stop.
 */
public final class PeeringServer implements AutoCloseable {
    /** A resource or a report is far smaller; larger things are cut by their senders. */
    private static final int MESSAGE_BYTES_MAX = 4 << 20;

    /** A peer, a gateway and a controller hold some streams each. */
    private static final int CALLS_PER_CONNECTION_MAX = 100;

    private static final Duration PERMITTED_PING = Duration.ofSeconds(5);
    private static final Duration PING_EVERY = Duration.ofSeconds(10);
    private static final Duration PING_TIMEOUT = Duration.ofSeconds(5);

    /** Ended calls tell their callers so; then the threads go. */
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final Server server;
    private final ExecutorService threads;

    private PeeringServer(Server server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Listens on {@code address}; port 0 takes a free one. Throws {@link UncheckedIOException} where it cannot be had.
     */
    public static PeeringServer start(InetSocketAddress address, GrpcTls tls, List<BindableService> services) {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("peering/call-", 0).factory());
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address, tls.server())
                .executor(threads)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .permitKeepAliveTime(PERMITTED_PING.toSeconds(), TimeUnit.SECONDS)
                .keepAliveTime(PING_EVERY.toSeconds(), TimeUnit.SECONDS)
                .keepAliveTimeout(PING_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .intercept(new VerifiedPeer(tls.credentials(), tls.verifier(), tls.clock()));
        services.forEach(builder::addService);
        try {
            return new PeeringServer(builder.build().start(), threads);
        } catch (IOException taken) {
            threads.close();
            throw new UncheckedIOException("peering: " + address + " (expected: a free port)", taken);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Ends open calls at once. */
    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
