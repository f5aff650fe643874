package io.beringia.trust.issuance;

import io.beringia.trust.TrustTelemetry;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.federation.Foreign;
import io.beringia.trust.identity.TrustBundles;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The issuance server of one cluster, listening. Any thread; close it to stop. */
public final class IssuanceServer implements AutoCloseable {
    /** A request holds a CSR of 16 KiB and little else. */
    private static final int MESSAGE_BYTES_MAX = 64 * 1024;

    /** A ztunnel asks for eight at once. */
    private static final int CALLS_PER_CONNECTION_MAX = 32;

    /** Whoever follows the roots asks every 20 s whether we are there; more often than this is abuse. */
    private static final int PING_SECONDS_MIN = 10;

    /** A caller that vanished without a word is noticed within this and 20 s. */
    private static final int PING_SECONDS = 60;

    /** Telling every call that it ended takes milliseconds. */
    private static final int CLOSE_SECONDS = 5;

    private final Server server;
    private final RootsFile roots;
    private final ExecutorService threads;

    private IssuanceServer(Server server, RootsFile roots, ExecutorService threads) {
        this.server = server;
        this.roots = roots;
        this.threads = threads;
    }

    /** Recorded nowhere, and without foreign trust domains. */
    public static IssuanceServer start(
            InetSocketAddress address,
            Issuer issuer,
            IssuanceConfig config,
            ClusterApi api,
            TrustTelemetry telemetry,
            InstantSource clock) {
        return start(address, issuer, config, api, () -> Foreign.NONE, IssuanceRecord.NONE, telemetry, clock);
    }

    /**
     * Listens on {@code address}; port 0 takes a free one. {@code api} is asked about tokens and pods, {@code foreign} which
     * roots stand beside ours, again and again; {@code record} is told what is done. Throws
     * {@link IllegalArgumentException} where static tokens meet a root that is not marked for demos, and
     * {@link UncheckedIOException} where the port cannot be had.
     */
    public static IssuanceServer start(
            InetSocketAddress address,
            Issuer issuer,
            IssuanceConfig config,
            ClusterApi api,
            Supplier<Foreign> foreign,
            IssuanceRecord record,
            TrustTelemetry telemetry,
            InstantSource clock) {
        Authority authority = issuer.authority();
        TrustBundles trusted = issuer.own().bundles();
        Supplier<RootRules> rules = () -> new RootRules(
                authority.trustDomain(),
                issuer.authority().root(),
                !config.staticTokens().isEmpty());
        rules.get().fault(trusted.rootsOf(authority.trustDomain())).ifPresent(fault -> {
            throw new IllegalArgumentException(fault);
        });
        telemetry.started(
                () -> issuer.authority().certificate(),
                trusted,
                config.staticTokens().size());
        RootsFile roots = new RootsFile(issuer.roots(), rules, issuer.own(), foreign, record, telemetry);
        Callers callers = Callers.of(issuer, config, new SpiffeVerifier(), api.tokens());
        CertificateService certificates = new CertificateService(
                issuer.signing(),
                callers,
                IssuanceRules.of(issuer, config),
                api.pods(),
                issuer.own(),
                record,
                telemetry,
                clock);
        BundlesService bundles = new BundlesService(callers, issuer.own(), record, telemetry, clock);
        IssuanceServer server =
                listen(address, new GrpcTls(issuer.own(), new SpiffeVerifier(), clock), roots, certificates, bundles);
        roots.start();
        return server;
    }

    private static IssuanceServer listen(
            InetSocketAddress address, GrpcTls tls, RootsFile roots, BindableService... services) {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("issue/", 0).factory());
        NettyServerBuilder server = NettyServerBuilder.forAddress(address, tls.serverForAnybody())
                .executor(threads)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .permitKeepAliveTime(PING_SECONDS_MIN, TimeUnit.SECONDS)
                .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
                .intercept(new ShownCredentials());
        List.of(services).forEach(server::addService);
        try {
            return new IssuanceServer(server.build().start(), roots, threads);
        } catch (IOException e) {
            threads.close();
            throw new UncheckedIOException("issuance: " + address + " (expected: a free port)", e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Ends open calls at once; their threads go when the last of them has heard of it. */
    @Override
    public void close() {
        roots.close();
        server.shutdownNow();
        try {
            server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        threads.close();
    }
}
