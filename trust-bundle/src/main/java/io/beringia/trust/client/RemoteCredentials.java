package io.beringia.trust.client;

import io.beringia.trust.client.proto.BundlesInForce;
import io.beringia.trust.client.proto.BundlesState;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.PemFile;
import io.grpc.ChannelCredentials;
import io.grpc.StatusRuntimeException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * {@link Credentials} kept fresh by an issuance server: a new key for each certificate, renewal at half of its life, the
 * last good one until then and beyond; and the accepted roots as the server pushes them. Any thread. The thread
 * {@code credentials} renews, the thread {@code bundles} follows the roots; each publishes a whole new moment.
 *
 * <p>A server that pushes no roots is good enough: then each answer's last element says them.
 */
public final class RemoteCredentials implements Credentials, AutoCloseable {
    private final RemoteSource source;
    private final PeerVerifier verifier;
    private final InstantSource clock;
    private final SecureRandom random;
    private final CertificateFetch fetch;
    private final RevocationWatch revocations;
    private final SpiffeId wanted;
    private final Consumer<News> onNews;
    private final AtomicReference<Moment> moment;
    private final List<Runnable> subscribers = new CopyOnWriteArrayList<>();
    private final BundlesWatch watch;
    private final Thread thread;
    private final Subscription judgement;

    private record Moment(X509Svid svid, BundleRules.Held held) {}

    /** What happened to the credentials, for whoever tells people. Holds no key material. */
    public sealed interface News {}

    /** What became of a {@link #renew}. */
    public sealed interface Renewal extends News {
        record Renewed(Instant notAfter) implements Renewal {}

        /**
         * The last good certificate stays.
         *
         * @param late less than a third of its life is left
         */
        record Kept(String why, boolean late) implements Renewal {}
    }

    /** What became of the roots. */
    public sealed interface Roots extends News {
        /** Other roots are in force. */
        record Changed(TrustBundles bundles) implements Roots {}

        /** What was pushed is not believed; the last good roots stay. */
        record Refused(String why) implements Roots {}

        /** Nothing is pushed for a while; the last good roots stay. */
        record Unwatched(String why) implements Roots {}
    }

    private RemoteCredentials(
            RemoteSource source,
            PeerVerifier verifier,
            InstantSource clock,
            SecureRandom random,
            CertificateFetch fetch,
            CertificateFetch.Fetched first,
            RevocationWatch revocations,
            Consumer<News> onNews) {
        this.source = source;
        this.verifier = verifier;
        this.clock = clock;
        this.random = random;
        this.fetch = fetch;
        this.revocations = revocations;
        this.wanted = first.svid().id();
        this.onNews = onNews;
        this.moment = new AtomicReference<>(new Moment(
                first.svid(), new BundleRules.Held(0, bundles(1, source.server().trustDomain(), first.roots()))));
        this.watch = new BundlesWatch(source, new Pushed(), random, fetch.instance(), System::nanoTime);
        this.thread = Thread.ofVirtual().name("credentials").unstarted(this::keepFresh);
        this.judgement = revocations.subscribe(watch::again);
    }

    /**
     * Fetches the first certificate and keeps it fresh. Asks once and blocks for 10 s at most: throws
     * {@link IllegalStateException} where the server refuses or cannot be reached, so that the caller decides whether
     * to wait, see {@link FirstCertificate}; {@link IllegalArgumentException} and {@link UncheckedIOException} where
     * our own files cannot be used. {@code onNews} hears of everything later, on threads of ours.
     */
    public static RemoteCredentials open(RemoteSource source, InstantSource clock, Consumer<News> onNews) {
        return open(source, RevocationWatch.open(RevocationFiles.NONE, clock, news -> {}), clock, onNews);
    }

    /** The same; a server whom {@code revocations} refuse is asked for nothing, and followed no more. */
    public static RemoteCredentials open(
            RemoteSource source, RevocationWatch revocations, InstantSource clock, Consumer<News> onNews) {
        PeerVerifier verifier = new SpiffeVerifier();
        SecureRandom random = new SecureRandom();
        TrustBundles believed = bundles(0, source.server().trustDomain(), PemFile.certificates(source.roots()));
        String token = BearerToken.read(source.token());
        try {
            CertificateFetch fetch = new CertificateFetch(source, verifier, random, Instance.random(random));
            CertificateFetch.Fetched first = fetch.fetch(
                    anonymous(source, believed.with(revocations.latest()), verifier, clock),
                    token,
                    source.id(),
                    clock.instant());
            RemoteCredentials credentials =
                    new RemoteCredentials(source, verifier, clock, random, fetch, first, revocations, onNews);
            credentials.thread.start();
            credentials.watch.start();
            return credentials;
        } catch (StatusRuntimeException refused) {
            throw noneFrom(source, StatusText.of(refused.getStatus()), refused);
        } catch (IllegalArgumentException unusable) {
            throw noneFrom(source, String.valueOf(unusable.getMessage()), unusable);
        }
    }

    @Override
    public X509Svid svid() {
        return latest().svid();
    }

    @Override
    public TrustBundles bundles() {
        return latest().held().bundles();
    }

    /** Calls back on the thread that renews, or on the one that takes roots. */
    @Override
    public Subscription subscribe(Runnable onChange) {
        subscribers.add(onChange);
        return () -> subscribers.remove(onChange);
    }

    /**
     * Any thread. Asks for the next certificate now, by the present one, or by the token where that one is not good
     * any more; blocks for 20 s at most.
     */
    public Renewal renew() {
        Renewal byCertificate = renew(shown());
        return byCertificate instanceof Renewal.Renewed ? byCertificate : renew(anonymous());
    }

    private Renewal renew(ChannelCredentials channel) {
        try {
            CertificateFetch.Fetched fetched =
                    fetch.fetch(channel, BearerToken.read(source.token()), Optional.of(wanted), clock.instant());
            publish(fetched);
            return new Renewal.Renewed(fetched.svid().notAfter());
        } catch (StatusRuntimeException refused) {
            return kept(StatusText.of(refused.getStatus()));
        } catch (IllegalArgumentException | UncheckedIOException unusable) {
            return kept(String.valueOf(unusable.getMessage()));
        }
    }

    /** Ends renewal and watch; the last certificate and roots stay. */
    @Override
    public void close() {
        judgement.close();
        thread.interrupt();
        watch.close();
    }

    private void keepFresh() {
        try {
            while (true) {
                X509Svid svid = svid();
                Thread.sleep(RenewalRules.untilRenewal(
                        svid.notBefore(), svid.notAfter(), clock.instant(), random.nextDouble()));
                renewPatiently();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void renewPatiently() throws InterruptedException {
        for (int failures = 1; ; failures++) {
            Renewal renewal = renew();
            onNews.accept(renewal);
            if (renewal instanceof Renewal.Renewed) {
                return;
            }
            Duration left = Duration.between(clock.instant(), svid().notAfter());
            Thread.sleep(RenewalRules.untilRetry(failures, left, random.nextDouble()));
        }
    }

    private Renewal kept(String why) {
        X509Svid svid = svid();
        return new Renewal.Kept(why, RenewalRules.isLate(svid.notBefore(), svid.notAfter(), clock.instant()));
    }

    private void publish(CertificateFetch.Fetched fetched) {
        moment.updateAndGet(before -> new Moment(
                fetched.svid(), withAnswered(Objects.requireNonNull(before).held(), fetched.roots())));
        subscribers.forEach(Runnable::run);
    }

    /** Once roots are pushed, what an answer says of them is at best the same. */
    private BundleRules.Held withAnswered(BundleRules.Held held, List<X509Certificate> roots) {
        TrustDomain domain = source.server().trustDomain();
        boolean settled = held.sequence() > 0 || held.bundles().rootsOf(domain).equals(roots);
        return settled ? held : new BundleRules.Held(0, bundles(held.bundles().generation() + 1, domain, roots));
    }

    /** Our side of the watch: judges what is pushed and publishes what is taken. */
    private final class Pushed implements BundlesWatch.Holder {
        private final BundleRules rules = new BundleRules(source.server().trustDomain());

        @Override
        public ChannelCredentials shown(boolean again) {
            return again ? anonymous() : RemoteCredentials.this.shown();
        }

        @Override
        public BundlesInForce inForce() {
            BundleRules.Held held = latest().held();
            return BundleMessages.inForce(held.sequence(), held.bundles());
        }

        @Override
        public void offered(BundlesState state) {
            try {
                take(state.getSequence(), BundleMessages.roots(state));
            } catch (IllegalArgumentException malformed) {
                onNews.accept(new Roots.Refused(String.valueOf(malformed.getMessage())));
            }
        }

        @Override
        public void broken(String why) {
            onNews.accept(new Roots.Unwatched(why));
        }

        private void take(long sequence, Map<TrustDomain, List<X509Certificate>> offered) {
            Moment before = latest();
            switch (rules.judge(before.held(), sequence, offered)) {
                case BundleRules.Refused(String why) -> onNews.accept(new Roots.Refused(why));
                case BundleRules.Same(BundleRules.Held held) -> replace(before, held);
                case BundleRules.Taken(BundleRules.Held held)
                when replace(before, held) -> {
                    subscribers.forEach(Runnable::run);
                    onNews.accept(new Roots.Changed(held.bundles()));
                }
                case BundleRules.Taken overtaken -> take(sequence, offered); // by an answer, which is rare
            }
        }

        private boolean replace(Moment before, BundleRules.Held held) {
            return moment.compareAndSet(before, new Moment(before.svid(), held));
        }
    }

    private ChannelCredentials shown() {
        return new GrpcTls(new RevokingCredentials(this, revocations), verifier, clock)
                .channel(source.server()::equals);
    }

    /** For a certificate of ours that the server does not accept: expired, or below a root that is gone. */
    private ChannelCredentials anonymous() {
        return anonymous(source, bundles().with(revocations.latest()), verifier, clock);
    }

    private Moment latest() {
        return Objects.requireNonNull(moment.get());
    }

    private static IllegalStateException noneFrom(RemoteSource source, String why, Exception cause) {
        return new IllegalStateException(
                "issuance at " + source.address() + ": " + why + " (expected: a certificate)", cause);
    }

    private static ChannelCredentials anonymous(
            RemoteSource source, TrustBundles believed, PeerVerifier verifier, InstantSource clock) {
        return GrpcTls.anonymousChannel(believed, verifier, clock, source.server()::equals);
    }

    private static TrustBundles bundles(long generation, TrustDomain domain, List<X509Certificate> roots) {
        return new TrustBundles(generation, Map.of(domain, roots));
    }
}
