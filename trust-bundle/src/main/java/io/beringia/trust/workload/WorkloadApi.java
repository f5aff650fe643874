package io.beringia.trust.workload;

import io.beringia.trust.WorkloadTelemetry;
import io.beringia.trust.issuance.IssuanceRecord;
import io.beringia.trust.issuance.Issuer;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The Workload API of one machine, listening on its socket. Any thread; close it to stop. */
public final class WorkloadApi implements AutoCloseable {
    /** Requests are empty. */
    private static final int MESSAGE_BYTES_MAX = 1_024;

    private static final int METADATA_BYTES_MAX = 4_096;
    private static final int CALLS_PER_CONNECTION_MAX = 16;

    /** One for each stream, and some for those that come and go. */
    private static final int CONNECTIONS_MAX = 1_024;

    private static final int USER_CONNECTIONS_MAX = 256;

    /** Whoever connects and asks nothing. */
    private static final int IDLE_SECONDS = 300;

    private static final int PING_SECONDS_MIN = 10;
    private static final int CLOSE_SECONDS = 5;

    private final SocketFile file;
    private final WorkloadSvids svids;
    private final Server server;
    private final EventLoopGroup loop;
    private final ExecutorService threads;

    private WorkloadApi(
            SocketFile file, WorkloadSvids svids, Server server, EventLoopGroup loop, ExecutorService threads) {
        this.file = file;
        this.svids = svids;
        this.server = server;
        this.loop = loop;
        this.threads = threads;
    }

    /**
     * Signs the first SVIDs and listens. Throws {@link IllegalArgumentException} on a user that the machine does not know or
     * a socket that somebody serves, and {@link UncheckedIOException} where it cannot be had.
     *
     * @param ttl of each SVID
     */
    public static WorkloadApi start(
            WorkloadConfig config,
            Issuer issuer,
            Duration ttl,
            IssuanceRecord record,
            WorkloadTelemetry telemetry,
            InstantSource clock) {
        config.checkOf(issuer.authority().trustDomain());
        WorkloadTable table = WorkloadTable.of(config.entries());
        SocketFile file = new SocketFile(config.socket());
        file.prepare();
        WorkloadSvids svids = new WorkloadSvids(
                issuer, config.entries().stream().map(WorkloadEntry::id).toList(), ttl, record, telemetry, clock);
        WorkloadService service = new WorkloadService(table, svids, record, telemetry);
        EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("workload-api"), NioIoHandler.newFactory());
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("workload/", 0).factory());
        WorkloadApi api = new WorkloadApi(file, svids, server(file, service, loop, threads, telemetry), loop, threads);
        svids.start();
        api.listen();
        return api;
    }

    private static Server server(
            SocketFile file,
            WorkloadService service,
            EventLoopGroup loop,
            ExecutorService threads,
            WorkloadTelemetry telemetry) {
        return NettyServerBuilder.forAddress(
                        UnixDomainSocketAddress.of(file.path()),
                        PeerNegotiator.credentials(new Allowance(CONNECTIONS_MAX, USER_CONNECTIONS_MAX)))
                .channelType(NioServerDomainSocketChannel.class)
                .withChildOption(
                        ChannelOption.SO_KEEPALIVE, null) // gRPC's, and unknown to unix sockets: a warning each
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .executor(threads)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .maxInboundMetadataSize(METADATA_BYTES_MAX)
                .maxConnectionIdle(IDLE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(PING_SECONDS_MIN, TimeUnit.SECONDS)
                .intercept(new WorkloadHeader(telemetry::refused))
                .addService(service)
                .build();
    }

    private void listen() {
        try {
            server.start();
            file.open();
        } catch (IOException e) {
            close();
            throw new UncheckedIOException("workload-api.socket: " + file.path() + " (expected: a free path)", e);
        }
    }

    /** Ends open streams at once, and removes the socket. */
    @Override
    public void close() {
        svids.close();
        server.shutdownNow();
        try {
            server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        threads.close();
        loop.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
        file.remove();
    }
}
