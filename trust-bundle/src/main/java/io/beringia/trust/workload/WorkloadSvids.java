package io.beringia.trust.workload;

import io.beringia.trust.WorkloadTelemetry;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.issuance.Caller;
import io.beringia.trust.issuance.IssuanceRecord;
import io.beringia.trust.issuance.Issuer;
import io.beringia.trust.pki.X509;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Keeps an SVID for each identity of the entries: signed at the start, again at half of its life, and at once when another
 * signer took over. The virtual thread {@code workload} owns it; everybody else reads {@link #latest()}.
 */
final class WorkloadSvids implements AutoCloseable {
    /** Another signer is noticed within this; a look costs a comparison. */
    private static final long LOOK_MILLIS = 1_000;

    private final Issuer issuer;
    private final Collection<SpiffeId> ids;
    private final Duration ttl;
    private final IssuanceRecord record;
    private final WorkloadTelemetry telemetry;
    private final InstantSource clock;
    private final PeerVerifier verifier = new SpiffeVerifier();
    private final Semaphore wake = new Semaphore(0);
    private final List<Runnable> subscribers = new CopyOnWriteArrayList<>();
    private final Thread thread = Thread.ofVirtual().name("workload").unstarted(this::repeat);
    private Map<SpiffeId, Signed> held = Map.of();
    private String lastFault = "";
    private volatile WorkloadState latest;

    private record Signed(X509Svid svid, Authority by) {
        boolean isDue(Authority signer, Instant now) {
            Duration half = Duration.between(svid.notBefore(), svid.notAfter()).dividedBy(2);
            return !by.equals(signer) || !now.isBefore(svid.notBefore().plus(half));
        }
    }

    WorkloadSvids(
            Issuer issuer,
            Collection<SpiffeId> ids,
            Duration ttl,
            IssuanceRecord record,
            WorkloadTelemetry telemetry,
            InstantSource clock) {
        this.issuer = issuer;
        this.ids = Set.copyOf(ids);
        this.ttl = ttl;
        this.record = record;
        this.telemetry = telemetry;
        this.clock = clock;
        this.latest = new WorkloadState(
                issuer.authority().trustDomain(), Map.of(), issuer.own().bundles());
    }

    /** The first SVIDs are there when this returns, if they can be. */
    void start() {
        look();
        thread.start();
    }

    /** Any thread. Never blocks. */
    WorkloadState latest() {
        return latest;
    }

    /** Any thread. {@code onChange} only posts, and is called after every later change. */
    Credentials.Subscription subscribe(Runnable onChange) {
        subscribers.add(onChange);
        return () -> subscribers.remove(onChange);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void repeat() {
        try (Credentials.Subscription roots = issuer.own().subscribe(wake::release)) {
            while (true) {
                look();
                boolean isTold = wake.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (isTold) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        TrustBundles bundles = issuer.own().bundles();
        Map<SpiffeId, Signed> next = renewed(issuer.authority(), bundles, clock.instant());
        if (!next.equals(held) || !bundles.equals(latest.bundles())) {
            held = next;
            Map<SpiffeId, X509Svid> svids = new HashMap<>();
            next.values().stream()
                    .map(Signed::svid)
                    .filter(svid -> isBelieved(svid, bundles))
                    .forEach(svid -> svids.put(svid.id(), svid));
            latest = new WorkloadState(latest.own(), svids, bundles);
            subscribers.forEach(Runnable::run);
        }
    }

    /** Nobody gets what every peer would refuse: an identity on the denylist, a signer that was taken back. */
    private boolean isBelieved(X509Svid svid, TrustBundles bundles) {
        return switch (verifier.verify(X509.encoded(svid.chain()), PeerRole.CLIENT, bundles, clock.instant())) {
            case PeerVerdict.Verified verified -> true;
            case PeerVerdict.Rejected no -> {
                telemetry.withheld(svid.id(), no.detail());
                yield false;
            }
        };
    }

    /** What cannot be signed anew stays until it ends. */
    private Map<SpiffeId, Signed> renewed(Authority signer, TrustBundles bundles, Instant now) {
        Map<SpiffeId, Signed> next = new HashMap<>();
        Optional<String> fault = Optional.empty();
        for (SpiffeId id : ids) {
            Optional<Signed> before = Optional.ofNullable(held.get(id));
            try {
                next.put(id, before.filter(it -> !it.isDue(signer, now)).orElseGet(() -> sign(id, signer, bundles)));
            } catch (IllegalArgumentException | IllegalStateException away) {
                fault = Optional.of(String.valueOf(away.getMessage()));
                before.filter(it -> now.isBefore(it.svid().notAfter())).ifPresent(it -> next.put(id, it));
            }
        }
        tellOnce(fault);
        return next;
    }

    private Signed sign(SpiffeId id, Authority signer, TrustBundles bundles) {
        X509Svid svid = signer.svid(id, ttl);
        Caller caller = new Caller(issuer.own().svid().id(), Set.of(), Optional.empty(), Optional.empty());
        if (!record.issued(caller, id, svid.leaf(), signer.root(), bundles.generation())) {
            throw new IllegalStateException("ledger: not written (expected: an entry before each certificate)");
        }
        telemetry.signed(id);
        return new Signed(svid, signer);
    }

    private void tellOnce(Optional<String> fault) {
        String now = fault.orElse("");
        if (!now.equals(lastFault)) {
            fault.ifPresent(telemetry::notSigned);
            lastFault = now;
        }
    }
}
