package io.beringia.trust.issuance;

import io.beringia.trust.TrustTelemetry;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.DistinguishedName;
import io.beringia.trust.pki.PemFile;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

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

    /**
     * Listens on {@code address}; port 0 takes a free one. {@code own} is what the server shows and whom it
     * trusts; {@code roots} is the file in which newer roots of {@code own} will lie; {@code api} is asked
     * about tokens and pods. Throws
     * {@link IllegalArgumentException} where static tokens meet a root that is not marked for demos, and
     * {@link UncheckedIOException} where the port cannot be had.
     */
    public static IssuanceServer start(
            InetSocketAddress address,
            Authority authority,
            OwnCredentials own,
            Path roots,
            IssuanceConfig config,
            ClusterApi api,
            TrustTelemetry telemetry,
            InstantSource clock) {
        RootRules rules = new RootRules(
                authority.trustDomain(),
                authority.root(),
                !config.staticTokens().isEmpty());
        rules.fault(own.bundles().rootsOf(authority.trustDomain())).ifPresent(fault -> {
            throw new IllegalArgumentException(fault);
        });
        telemetry.started(
                authority.certificate(), own.bundles(), config.staticTokens().size());
        RootsFile file = new RootsFile(roots, rules, own, telemetry);
        IssuanceServer server = listen(address, authority, own, config, api, telemetry, clock, file);
        file.start();
        return server;
    }

    private static IssuanceServer listen(
            InetSocketAddress address,
            Authority authority,
            Credentials own,
            IssuanceConfig config,
            ClusterApi api,
            TrustTelemetry telemetry,
            InstantSource clock,
            RootsFile roots) {
        PeerVerifier verifier = new SpiffeVerifier();
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("issue/", 0).factory());
        Optional<String> cluster = clusterOf(authority);
        Callers callers = new Callers(
                new Authentication(
                        verifier,
                        config.staticTokens(),
                        cluster,
                        config.kubernetes().map(it -> tokenRules(authority.trustDomain(), it, cluster))),
                api.tokens());
        IssuanceRules rules = new IssuanceRules(
                authority.trustDomain(),
                config,
                new Impersonation(config.kubernetes()
                        .map(IssuanceConfig.Kubernetes::nodeAccounts)
                        .orElse(Set.of())));
        Server server = NettyServerBuilder.forAddress(address, new GrpcTls(own, verifier, clock).serverForAnybody())
                .executor(threads)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .permitKeepAliveTime(PING_SECONDS_MIN, TimeUnit.SECONDS)
                .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
                .intercept(new ShownCredentials())
                .addService(new CertificateService(authority, callers, rules, api.pods(), own, telemetry, clock))
                .addService(new BundlesService(callers, own, telemetry, clock))
                .build();
        try {
            return new IssuanceServer(server.start(), roots, threads);
        } catch (IOException e) {
            threads.close();
            throw new UncheckedIOException("issuance: " + address + " (expected: a free port)", e);
        }
    }

    private static TokenRules tokenRules(
            TrustDomain domain, IssuanceConfig.Kubernetes kubernetes, Optional<String> cluster) {
        Set<String> names = new HashSet<>(kubernetes.clusterNames());
        cluster.ifPresent(names::add);
        return new TokenRules(domain, kubernetes.audience(), names);
    }

    private static Optional<String> clusterOf(Authority authority) {
        return DistinguishedName.of(authority.certificate().getSubjectX500Principal())
                .flatMap(DistinguishedName::locality);
    }

    /** The roots of one domain that lie in a file now, as they are published. */
    public static TrustBundles bundlesOf(TrustDomain domain, Path roots) {
        long sequence = RootRules.sequence(0, RootsFile.written(roots));
        return new TrustBundles(sequence, Map.of(domain, PemFile.certificates(roots)));
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
