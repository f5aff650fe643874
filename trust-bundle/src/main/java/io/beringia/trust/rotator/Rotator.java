package io.beringia.trust.rotator;

import io.beringia.trust.RotationTelemetry;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.federation.BundleEndpoint;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.issuance.IssuanceConfig;
import io.beringia.trust.issuance.IssuanceRecord;
import io.beringia.trust.issuance.Issuer;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.rotation.RotationRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;

/** The rotation of a role trust, running. Any thread. */
public final class Rotator implements AutoCloseable {
    private final RotationLoop loop;
    private final IssuanceRecord record;
    private final Optional<RotationApi> api;
    private final Deque<Runnable> ends;

    private Rotator(RotationLoop loop, IssuanceRecord record, Optional<RotationApi> api, Deque<Runnable> ends) {
        this.loop = loop;
        this.record = record;
        this.api = api;
        this.ends = ends;
    }

    /**
     * Goes on from where it stood; before anybody is served. {@code issuer} signs as {@code standing} says, {@code ledger}
     * is strict, {@code partners} is the refresh hint of our bundle endpoint where there is one. Throws
     * {@link UncheckedIOException} on a disk or address that cannot be had; nothing is left running then.
     */
    public static Rotator start(
            Standing standing,
            Issuer issuer,
            IssuanceConfig issuance,
            Ledger ledger,
            IssuanceRecord recorded,
            Optional<Duration> partners,
            RotationTelemetry telemetry,
            InstantSource clock) {
        TrustDomain domain = issuer.authority().trustDomain();
        AdoptionBoard board =
                new AdoptionBoard(Set.of(issuer.own().svid().id(), BundleEndpoint.idOf(domain), Probing.idOf(domain)));
        IssuanceRecord record = new WatchedIssuance(recorded, board, domain, clock);
        Probing probing =
                new Probing(standing.config().probes(), issuer.own()::bundles, record, board, telemetry, clock);
        Deque<Runnable> ends = new ArrayDeque<>();
        ends.push(probing::close);
        try {
            RotationNotes notes = new RotationNotes(ledger, domain);
            Mesh mesh = new Mesh(
                    standing.config(),
                    new OwnCluster(
                            standing.cluster(), issuer, standing.intermediates(), issuance.maxTtl(), board, clock),
                    standing.intermediates(),
                    board,
                    probing,
                    notes,
                    new Mesh.Setting(
                            issuance.maxTtl(),
                            !issuance.staticTokens().isEmpty(),
                            partners,
                            resumed(notes, standing.state())),
                    clock);
            mesh.obey(standing.state().phase());
            HttpTls tls = new HttpTls(issuer.own(), new SpiffeVerifier(), clock);
            refuseOurselves(standing);
            Peers peers = new Peers(
                    standing.config().peers().stream()
                            .map(it -> new PeerLink(it, tls))
                            .toList(),
                    standing.config().timing().clockSkew(),
                    telemetry,
                    clock);
            ends.push(peers::close);
            RotationLoop loop = new RotationLoop(
                    standing.store(),
                    notes,
                    mesh,
                    new Clusters(standing.cluster(), standing.config().clusters(), peers),
                    new IntermediateSwap(standing.config().next(), issuer, standing.intermediates(), clock),
                    new RotationRules(standing.config().timing()),
                    standing.stored(),
                    standing.state(),
                    telemetry,
                    clock);
            Optional<RotationApi> api = standing.config()
                    .api()
                    .map(it -> RotationApi.start(
                            it, tls, new PeerDoor(standing.config().peers(), loop::call), loop::order, loop::status));
            api.ifPresent(it -> ends.push(it::close));
            loop.start();
            peers.start();
            ends.push(loop::close);
            return new Rotator(loop, record, api, ends);
        } catch (IOException failed) {
            ends.forEach(Runnable::run);
            throw new UncheckedIOException("rotation: " + failed.getMessage(), failed);
        } catch (RuntimeException refused) {
            ends.forEach(Runnable::run);
            throw refused;
        }
    }

    private static void refuseOurselves(Standing standing) {
        if (standing.config().peers().stream().anyMatch(peer -> peer.cluster().equals(standing.cluster()))) {
            throw new IllegalArgumentException(
                    "rotation.peers: " + standing.cluster() + " is ours (expected: the other clusters)");
        }
    }

    /** A crash may have come between what was stored and its entry: here it is on record in any case. */
    private static long resumed(RotationNotes notes, RotationState state) throws IOException {
        return notes.write(EntryKind.ROTATION_TRANSITION, state, "begins here")
                .orElseThrow(() -> new IOException("the ledger takes no entry (expected: a disk that works)"));
    }

    /** Where the issuance server is to say what it does. */
    public IssuanceRecord record() {
        return record;
    }

    /** Where it stood at the last look. */
    public RotationStatus status() {
        return loop.status();
    }

    /** The port on which operators are heard; empty where they are not. */
    public Optional<Integer> apiPort() {
        return api.map(RotationApi::port);
    }

    @Override
    public void close() {
        ends.forEach(Runnable::run);
    }
}
