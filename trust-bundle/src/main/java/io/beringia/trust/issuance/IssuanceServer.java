package io.beringia.trust.issuance;

import io.beringia.trust.TrustTelemetry;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.pki.DistinguishedName;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The issuance server of one cluster, listening. Any thread; close it to stop. */
public final class IssuanceServer implements AutoCloseable {
    /** A request holds a CSR of 16 KiB and little else. */
    private static final int MESSAGE_BYTES_MAX = 64 * 1024;

    /** A ztunnel asks for eight at once. */
    private static final int CALLS_PER_CONNECTION_MAX = 32;

    private final Server server;
    private final ExecutorService threads;

    private IssuanceServer(Server server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Listens on {@code address}; port 0 takes a free one. {@code own} is what the server shows and whom it
     * trusts. Throws {@link IllegalArgumentException} where static tokens meet a root that is not marked for demos, and
     * {@link UncheckedIOException} where the port cannot be had.
     */
    public static IssuanceServer start(
            InetSocketAddress address,
            Authority authority,
            Credentials own,
            IssuanceConfig config,
            TrustTelemetry telemetry,
            InstantSource clock) {
        checkDemo(authority, own, config, telemetry);
        PeerVerifier verifier = new SpiffeVerifier();
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("issue/", 0).factory());
        CertificateService service = service(authority, own, config, telemetry, clock, verifier);
        Server server = NettyServerBuilder.forAddress(address, new GrpcTls(own, verifier, clock).serverForAnybody())
                .executor(threads)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .intercept(new ShownCredentials())
                .addService(service)
                .build();
        try {
            return new IssuanceServer(server.start(), threads);
        } catch (IOException e) {
            threads.close();
            throw new UncheckedIOException("issuance: " + address + " (expected: a free port)", e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Ends open calls at once. */
    @Override
    public void close() {
        server.shutdownNow();
        threads.close();
    }

    private static CertificateService service(
            Authority authority,
            Credentials own,
            IssuanceConfig config,
            TrustTelemetry telemetry,
            InstantSource clock,
            PeerVerifier verifier) {
        var cluster = DistinguishedName.of(authority.certificate().getSubjectX500Principal())
                .flatMap(DistinguishedName::locality);
        return new CertificateService(
                authority,
                new Authentication(verifier, config.staticTokens(), cluster),
                new IssuanceRules(authority.trustDomain(), config),
                own,
                telemetry,
                clock);
    }

    private static void checkDemo(
            Authority authority, Credentials own, IssuanceConfig config, TrustTelemetry telemetry) {
        if (config.staticTokens().isEmpty()) {
            return;
        }
        if (!authority.isDemo()
                || !own.bundles().rootsOf(authority.trustDomain()).stream().allMatch(Authority::isDemo)) {
            throw new IllegalArgumentException("issuance.static-tokens: below "
                    + authority.root().getSubjectX500Principal() + " (expected: none, or a root made with --demo)");
        }
        telemetry.demoStarted(config.staticTokens().size());
    }
}
