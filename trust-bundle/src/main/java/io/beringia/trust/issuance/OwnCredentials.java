package io.beringia.trust.issuance;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.X509Svid;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The credentials of the issuance server itself, which it signs: a new SVID whenever somebody asks in the second half
 * of the old one's life, or after another authority took over. Any thread; signing takes less than a millisecond. Roots are those that were last
 * {@link #trust published}.
 */
public final class OwnCredentials implements Credentials {
    private final Supplier<Authority> authority;
    private final SpiffeId id;
    private final List<String> dnsNames;
    private final Duration ttl;
    private final InstantSource clock;
    private final AtomicReference<Signed> latest;
    private final AtomicReference<TrustBundles> bundles;
    private final AtomicReference<IssuanceRecord> record = new AtomicReference<>(IssuanceRecord.NONE);
    private final List<Runnable> subscribers = new CopyOnWriteArrayList<>();
    private final AtomicLong questions = new AtomicLong();

    private record Signed(X509Svid svid, Authority by) {}

    /** Signed by one authority for ever. */
    public OwnCredentials(
            Authority authority,
            SpiffeId id,
            List<String> dnsNames,
            Duration ttl,
            TrustBundles bundles,
            InstantSource clock) {
        this(() -> authority, id, dnsNames, ttl, bundles, clock);
    }

    /** {@code ttl} is 3 minutes or more, as everybody's. */
    public OwnCredentials(
            Supplier<Authority> authority,
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
        return newest().svid();
    }

    /** The root above what is shown from now on. */
    public X509Certificate root() {
        return newest().by().root();
    }

    private Signed newest() {
        Signed current = Objects.requireNonNull(latest.get());
        if (current.by().equals(authority.get()) && clock.instant().isBefore(half(current.svid()))) {
            return current;
        }
        Signed next = nextOr(current);
        if (!next.equals(current) && latest.compareAndSet(current, next)) {
            recordTo(next, Objects.requireNonNull(record.get()));
        }
        return Objects.requireNonNull(latest.get());
    }

    /** While the key that signs is away what there is stays, until it ends. */
    private Signed nextOr(Signed current) {
        try {
            return issue();
        } catch (IllegalStateException away) {
            return current;
        }
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
        recordTo(newest(), newest);
    }

    private void recordTo(Signed signed, IssuanceRecord to) {
        to.renewed(id, signed.svid().leaf(), signed.by().root(), bundles().generation());
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

    /** Sends the roots to everybody who follows them once more, as if they were new: each says again what is in force. */
    public void ask() {
        questions.incrementAndGet();
        subscribers.forEach(Runnable::run);
    }

    /** How often all were asked. */
    long questions() {
        return questions.get();
    }

    private Signed issue() {
        Authority by = authority.get();
        return new Signed(by.svid(id, ttl, dnsNames.toArray(String[]::new)), by);
    }

    private static Instant half(X509Svid svid) {
        return svid.notBefore()
                .plus(Duration.between(svid.notBefore(), svid.notAfter()).dividedBy(2));
    }
}
