package io.beringia.trust;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.issuance.ClusterApi;
import io.beringia.trust.issuance.IssuanceServer;
import io.beringia.trust.issuance.Issuer;
import io.beringia.trust.kube.KubeApi;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The role {@code trust}, put together: an intermediate from files, and the server that signs with it. Any thread. */
public final class TrustMain implements AutoCloseable {
    private final IssuanceServer server;
    private final Optional<KubeApi> kubernetes;
    private final TrustLedgers ledgers;

    private TrustMain(IssuanceServer server, Optional<KubeApi> kubernetes, TrustLedgers ledgers) {
        this.server = server;
        this.kubernetes = kubernetes;
        this.ledgers = ledgers;
    }

    /** Throws {@link IllegalArgumentException} on files or demo marks that do not fit, before anything listens. */
    public static TrustMain start(TrustConfig config, MeterRegistry meters, InstantSource clock) {
        Authority authority = config.ca().open(clock);
        if (!config.id().trustDomain().equals(authority.trustDomain())) {
            throw new IllegalArgumentException("trust domain: " + config.id().trustDomain() + " (expected: that of "
                    + config.ca().certificate() + ", " + authority.trustDomain() + ")");
        }
        Issuer issuer = Issuer.of(authority, config.id(), config.ca().roots(), config.issuance(), clock);
        TrustLedgers ledgers = TrustLedgers.start(config.ledger(), issuer, meters, clock);
        issuer.own().recordTo(ledgers.record());
        Optional<KubeApi> kubernetes = Optional.empty();
        try {
            kubernetes = config.issuance()
                    .kubernetes()
                    .map(it -> KubeApi.open(it.kubeconfig(), !it.nodeAccounts().isEmpty(), clock));
            IssuanceServer server = IssuanceServer.start(
                    config.listen(),
                    issuer,
                    config.issuance(),
                    kubernetes.map(KubeApi::asked).orElse(ClusterApi.NONE),
                    ledgers.record(),
                    new TrustTelemetry(meters, clock),
                    clock);
            return new TrustMain(server, kubernetes, ledgers);
        } catch (RuntimeException refused) {
            kubernetes.ifPresent(KubeApi::close);
            ledgers.close();
            throw refused;
        }
    }

    /** The port that the issuance server listens on. */
    public int port() {
        return server.port();
    }

    /** Nothing is awaited: what is started serves. */
    public List<String> awaited() {
        return List.of();
    }

    /** Requests take a millisecond: there is nothing to finish. */
    public void drain(Duration deadline) {}

    @Override
    public void close() {
        server.close();
        kubernetes.ifPresent(KubeApi::close);
        ledgers.close();
    }
}
