package io.beringia.trust;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.RevocationFiles;
import io.beringia.trust.client.RevocationWatch;
import io.beringia.trust.federation.BundleEndpoint;
import io.beringia.trust.federation.BundleEndpointConfig;
import io.beringia.trust.federation.Federation;
import io.beringia.trust.issuance.ClusterApi;
import io.beringia.trust.issuance.IssuanceRecord;
import io.beringia.trust.issuance.IssuanceServer;
import io.beringia.trust.issuance.Issuer;
import io.beringia.trust.kube.KubeApi;
import io.beringia.trust.pki.NativeKeys;
import io.beringia.trust.rotator.Rotator;
import io.beringia.trust.rotator.Standing;
import io.beringia.trust.workload.WorkloadApi;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The role {@code trust}, put together: an intermediate from files, and the server that signs with it. Any thread. */
public final class TrustMain implements AutoCloseable {
    private final IssuanceServer server;
    private final TrustFederation foreign;
    private final Optional<Rotator> rotator;
    private final Deque<Runnable> ends;

    private TrustMain(IssuanceServer server, TrustFederation foreign, Optional<Rotator> rotator, Deque<Runnable> ends) {
        this.server = server;
        this.foreign = foreign;
        this.rotator = rotator;
        this.ends = ends;
    }

    /** Throws {@link IllegalArgumentException} on files or demo marks that do not fit, before anything listens. */
    public static TrustMain start(TrustConfig config, MeterRegistry meters, InstantSource clock) {
        return start(config, RevocationWatch.open(RevocationFiles.NONE, clock, news -> {}), meters, clock);
    }

    /** The same; whom {@code revocations} refuse it trusts no more. */
    public static TrustMain start(
            TrustConfig config, RevocationWatch revocations, MeterRegistry meters, InstantSource clock) {
        Optional<Standing> standing = config.rotation().map(it -> Standing.open(it, config.ca(), clock));
        Authority authority =
                standing.map(Standing::authority).orElseGet(() -> config.ca().open(clock));
        if (!config.id().trustDomain().equals(authority.trustDomain())) {
            throw new IllegalArgumentException("trust domain: " + config.id().trustDomain() + " (expected: that of "
                    + config.ca().certificate() + ", " + authority.trustDomain() + ")");
        }
        Federation federation = Federation.open(config.federation());
        Issuer issuer =
                Issuer.of(authority, config.id(), config.ca().roots(), federation.latest(), config.issuance(), clock);
        TrustLedgers ledgers = TrustLedgers.start(config.ledger(), issuer, meters, clock);
        Deque<Runnable> ends = new ArrayDeque<>(List.of(ledgers::close));
        ends.push(revocations.subscribe(() -> issuer.own().refuse(revocations.latest()))::close);
        issuer.own().refuse(revocations.latest());
        try {
            Optional<Rotator> rotator = standing.map(it -> rotate(it, config, issuer, ledgers, meters, clock));
            rotator.ifPresent(it -> ends.push(it::close));
            IssuanceRecord record = rotator.map(Rotator::record).orElse(ledgers.record());
            issuer.own().recordTo(record);
            ends.push(revocations.subscribe(() -> record.refuses(revocations.latest()))::close);
            if (!revocations.latest().refuseNobody()) {
                record.refuses(revocations.latest());
            }
            Optional<KubeApi> kubernetes = config.issuance()
                    .kubernetes()
                    .map(it -> KubeApi.open(it.kubeconfig(), !it.nodeAccounts().isEmpty(), clock));
            kubernetes.ifPresent(it -> ends.push(it::close));
            TrustTelemetry telemetry = new TrustTelemetry(meters, clock);
            // Nobody waits for it: until it is there requests take three times as long.
            Thread.ofPlatform().daemon().name("native-keys").start(() -> telemetry.signaturesBy(NativeKeys.load()));
            IssuanceServer server = IssuanceServer.start(
                    config.listen(),
                    issuer,
                    config.issuance(),
                    kubernetes.map(KubeApi::asked).orElse(ClusterApi.NONE),
                    federation::latest,
                    record,
                    telemetry,
                    clock);
            ends.push(server::close);
            config.workloadApi()
                    .map(it -> WorkloadApi.start(
                            it, issuer, config.issuance().defaultTtl(), record, new WorkloadTelemetry(meters), clock))
                    .ifPresent(it -> ends.push(it::close));
            TrustFederation foreign = TrustFederation.start(config, federation, issuer, record, meters, clock);
            ends.push(foreign::close);
            return new TrustMain(server, foreign, rotator, ends);
        } catch (RuntimeException refused) {
            ends.forEach(Runnable::run);
            throw refused;
        }
    }

    private static Rotator rotate(
            Standing standing,
            TrustConfig config,
            Issuer issuer,
            TrustLedgers ledgers,
            MeterRegistry meters,
            InstantSource clock) {
        return Rotator.start(
                standing,
                issuer,
                config.issuance(),
                ledgers.running().orElseThrow().ledger(),
                ledgers.record(),
                config.bundleEndpoint().map(BundleEndpointConfig::refreshHint),
                new RotationTelemetry(meters),
                clock);
    }

    /** The port on which operators of a rotation are heard; empty where they are not. */
    public Optional<Integer> rotationPort() {
        return rotator.flatMap(Rotator::apiPort);
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

    /** The port that our bundle is served on; empty where it is not. */
    public Optional<Integer> bundlePort() {
        return foreign.endpoint().map(BundleEndpoint::port);
    }

    @Override
    public void close() {
        ends.forEach(Runnable::run);
    }
}
