package io.beringia.trust.issuance;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.X509Svid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * The credentials of the issuance server itself, which it signs: a new SVID whenever somebody asks in the second half
 * of the old one's life. Any thread; signing takes less than a millisecond. Roots are those that were last
 * {@link #trust published}.
 */
public final class OwnCredentials implements Credentials {
    private final Authority authority;
    private final SpiffeId id;
    private final List<String> dnsNames;
    private final Duration ttl;
    private final InstantSource clock;
    private final AtomicReference<X509Svid> latest;
    private final AtomicReference<TrustBundles> bundles;
    private final AtomicReference<IssuanceRecord> record = new AtomicReference<>(IssuanceRecord.NONE);
    private final List<Runnable> subscribers = new CopyOnWriteArrayList<>();

    /** {@code ttl} is 3 minutes or more, as everybody's. */
    public OwnCredentials(
            Authority authority,
            SpiffeId id,
            List<String> dnsNames,
            Duration ttl,
            TrustBundles bundles,
            InstantSource clock) {
        this.authority = authority;
        this.id = id;
        this.dnsNames = List.copyOf(dnsNames);
        this.ttl = ttl;
        this.clock = clock;
        this.latest = new AtomicReference<>(issue());
        this.bundles = new AtomicReference<>(bundles);
    }

    @Override
    public X509Svid svid() {
        X509Svid current = Objects.requireNonNull(latest.get());
        if (clock.instant().isBefore(half(current))) {
            return current;
        }
        X509Svid next = issue();
        if (latest.compareAndSet(current, next)) {
            Objects.requireNonNull(record.get())
                    .renewed(id, next.leaf(), bundles().generation());
        }
        return Objects.requireNonNull(latest.get());
    }

    @Override
    public TrustBundles bundles() {
        return Objects.requireNonNull(bundles.get());
    }

    /** Calls back on the thread that publishes roots; a new SVID tells nobody, because every handshake asks anew. */
    @Override
    public Subscription subscribe(Runnable onChange) {
        subscribers.add(onChange);
        return () -> subscribers.remove(onChange);
    }

    /** From here on; the certificate that there is already is recorded at once. Before anybody is served. */
    public void recordTo(IssuanceRecord newest) {
        record.set(newest);
        newest.renewed(id, svid().leaf(), bundles().generation());
    }

    /** Publishes other roots; whoever is trusted no more stays so. Any thread. */
    public void trust(TrustBundles newest) {
        publish(before -> newest.with(before.revocations()));
    }

    /** Trusts these no more, below whatever roots. Any thread. */
    public void refuse(Revocations newest) {
        publish(before -> before.with(newest));
    }

    private void publish(UnaryOperator<TrustBundles> change) {
        bundles.updateAndGet(before -> change.apply(Objects.requireNonNull(before)));
        subscribers.forEach(Runnable::run);
    }

    private X509Svid issue() {
        return authority.svid(id, ttl, dnsNames.toArray(String[]::new));
    }

    private static Instant half(X509Svid svid) {
        return svid.notBefore()
                .plus(Duration.between(svid.notBefore(), svid.notAfter()).dividedBy(2));
    }
}
