package io.beringia.discovery.xds;

import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.VerifiedPeer;
import io.beringia.trust.identity.Credentials;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The port of delta xDS: TLS with our certificate; the client's is asked for, not demanded, since a ztunnel has a token.
 * Whoever is connected is judged anew when whom we trust changes. Any thread; close it to stop.
 */
public final class XdsServer implements AutoCloseable {
    /** A reconnecting client lists all it holds, about 100 bytes per resource. */
    private static final int REQUEST_BYTES_MAX = 64 << 20;

    private static final int CALLS_PER_CONNECTION_MAX = 100;

    /** Streams that a client may reset in a window of 30 s, against floods of them (CVE-2023-44487). */
    private static final int RESETS_MAX = 200;

    private static final int RESETS_WINDOW_SECONDS = 30;

    /** A ztunnel pings every 30 s; the default of 5 min would answer too_many_pings. */
    private static final Duration PERMITTED_PING = Duration.ofSeconds(10);

    private static final Duration PING_EVERY = Duration.ofSeconds(30);
    private static final Duration PING_TIMEOUT = Duration.ofSeconds(10);

    /** Ended calls tell their callers so; then the threads go. */
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final Server server;
    private final ExecutorService threads;
    private final Credentials.Subscription trust;

    private XdsServer(Server server, ExecutorService threads, Credentials.Subscription trust) {
        this.server = server;
        this.threads = threads;
        this.trust = trust;
    }

    /**
     * Listens on {@code address}; port 0 takes a free one. There is no maximum age, since a clean end makes a ztunnel
     * reconnect at once. Throws {@link UncheckedIOException} where the port cannot be had.
     */
    public static XdsServer start(InetSocketAddress address, GrpcTls tls, DeltaService service) {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("xds/call-", 0).factory());
        Server server = NettyServerBuilder.forAddress(address, tls.serverForAnybody())
                .executor(threads)
                .addService(service)
                .intercept(new VerifiedPeer(tls.credentials(), tls.verifier(), tls.clock()))
                .intercept(new CallerHeaders())
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
                .maxRstFramesPerWindow(RESETS_MAX, RESETS_WINDOW_SECONDS)
                .maxInboundMessageSize(REQUEST_BYTES_MAX)
                .permitKeepAliveTime(PERMITTED_PING.toSeconds(), TimeUnit.SECONDS)
                .keepAliveTime(PING_EVERY.toSeconds(), TimeUnit.SECONDS)
                .keepAliveTimeout(PING_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .build();
        try {
            return new XdsServer(server.start(), threads, tls.credentials().subscribe(service::trustChanged));
        } catch (IOException taken) {
            threads.close();
            throw new UncheckedIOException("xds: " + address + " (expected: a free port)", taken);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Ends the streams, with a status that makes clients come back after a pause. */
    @Override
    public void close() {
        trust.close();
        server.shutdownNow();
        try {
            server.awaitTermination(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
