package io.beringia.trust.rotator;

import io.beringia.trust.RotationTelemetry;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.issuance.IssuanceRecord;
import io.beringia.trust.issuance.OwnCredentials;
import io.beringia.trust.pki.ParsedCertificate;
import io.beringia.trust.pki.X509;
import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotator.RotationConfig.ProbeTarget;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Asks data planes by handshakes, each once by a leaf under every root that counts, and puts the answers on the board. The
 * leaves are the probe's own and are for nothing else. Any thread asks; a virtual thread per target answers, few at once.
 */
final class Probing implements AutoCloseable {
    /** A handshake costs a millisecond of ours; a region is asked within seconds. */
    private static final int AT_ONCE_MAX = 16;

    private static final Duration LIFE = Duration.ofHours(1);

    private final List<ProbeTarget> targets;
    private final Supplier<TrustBundles> believed;
    private final IssuanceRecord record;
    private final AdoptionBoard board;
    private final RotationTelemetry telemetry;
    private final InstantSource clock;
    private final Semaphore free = new Semaphore(AT_ONCE_MAX);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("probe/", 0).factory());
    private final Map<RootId, Shows> shows = new HashMap<>();

    Probing(
            List<ProbeTarget> targets,
            Supplier<TrustBundles> believed,
            IssuanceRecord record,
            AdoptionBoard board,
            RotationTelemetry telemetry,
            InstantSource clock) {
        this.targets = targets;
        this.believed = believed;
        this.record = record;
        this.board = board;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    /** Who probes: nobody grants anything to this name. */
    static SpiffeId idOf(TrustDomain domain) {
        return SpiffeId.ofWorkload(domain, "beringia-system", "rotation-probe");
    }

    /** What a probe shows: a leaf under one root, and who it believes. */
    private record Shows(OwnCredentials own, Supplier<TrustBundles> believed) implements Credentials {
        @Override
        public X509Svid svid() {
            return own.svid();
        }

        @Override
        public TrustBundles bundles() {
            return believed.get();
        }

        @Override
        public Subscription subscribe(Runnable onChange) {
            return own.subscribe(onChange);
        }
    }

    /** Asks all once; {@code under} are the intermediates to ask by. One thread. Those who are being asked still are skipped. */
    void ask(Map<RootId, Authority> under) {
        shows.keySet().retainAll(under.keySet());
        under.forEach((root, authority) -> shows.computeIfAbsent(root, _ -> show(authority)));
        Map<RootId, Credentials> newest = Map.copyOf(shows);
        Set<RootId> roots = newest.keySet();
        for (ProbeTarget target : roots.isEmpty() ? List.<ProbeTarget>of() : targets) {
            if (free.tryAcquire()) {
                threads.execute(() -> {
                    try {
                        ask(target, newest).ifPresent(board::shown);
                    } finally {
                        free.release();
                    }
                });
            }
        }
    }

    private Shows show(Authority authority) {
        OwnCredentials own =
                new OwnCredentials(authority, idOf(authority.trustDomain()), List.of(), LIFE, believed.get(), clock);
        own.recordTo(record);
        return new Shows(own, believed);
    }

    private Optional<AdoptionBoard.Shown> ask(ProbeTarget target, Map<RootId, Credentials> under) {
        Map<RootId, Boolean> accepted = new HashMap<>();
        Optional<List<X509Certificate>> chain = Optional.empty();
        for (Map.Entry<RootId, Credentials> one : under.entrySet()) {
            switch (Handshake.with(target.address(), target.id(), one.getValue(), clock)) {
                case Handshake.Met(List<X509Certificate> shown, boolean isLetIn) -> {
                    accepted.put(one.getKey(), isLetIn);
                    chain = Optional.of(shown);
                }
                case Handshake.Missed(String why) -> {
                    telemetry.probeMissed(target.id(), why);
                    return Optional.empty();
                }
            }
        }
        return chain.flatMap(shown -> issuer(shown)
                .map(root -> new AdoptionBoard.Shown(
                        Roots.half(shown.getFirst()),
                        root,
                        shown.getFirst().getNotAfter().toInstant(),
                        accepted,
                        clock.instant())));
    }

    /** The root that signed the last certificate of a chain which was verified already. */
    private Optional<RootId> issuer(List<X509Certificate> chain) {
        ParsedCertificate last = ParsedCertificate.parse(X509.encoded(chain.getLast()));
        return believed.get().roots().values().stream()
                .flatMap(List::stream)
                .filter(root -> last.isSignedBy(ParsedCertificate.parse(X509.encoded(root))))
                .findFirst()
                .map(Roots::id);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
