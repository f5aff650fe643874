package io.beringia.trust.client;

import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.beringia.trust.pki.PemFile;
import io.grpc.ChannelCredentials;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
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
 * {@link Credentials} kept fresh by an issuance server: a new key for each certificate, renewal at half of its life,
 * the last good one until then and beyond. Any thread. The thread {@code credentials} renews.
 */
public final class RemoteCredentials implements Credentials, AutoCloseable {
    private final RemoteSource source;
    private final PeerVerifier verifier;
    private final InstantSource clock;
    private final SecureRandom random;
    private final SpiffeId wanted;
    private final Consumer<Renewal> onRenewal;
    private final AtomicReference<Moment> moment;
    private final List<Runnable> subscribers = new CopyOnWriteArrayList<>();
    private final Thread thread;

    private record Moment(X509Svid svid, TrustBundles bundles) {}

    /** What became of a {@link #renew}. */
    public sealed interface Renewal {
        record Renewed(Instant notAfter) implements Renewal {}

        /**
         * The last good certificate stays.
         *
         * @param why without key material
         * @param late less than a third of its life is left
         */
        record Kept(String why, boolean late) implements Renewal {}
    }

    private RemoteCredentials(
            RemoteSource source,
            PeerVerifier verifier,
            InstantSource clock,
            SecureRandom random,
            CertificateFetch.Fetched first,
            Consumer<Renewal> onRenewal) {
        this.source = source;
        this.verifier = verifier;
        this.clock = clock;
        this.random = random;
        this.wanted = first.svid().id();
        this.onRenewal = onRenewal;
        this.moment = new AtomicReference<>(
                new Moment(first.svid(), bundles(1, source.server().trustDomain(), first.roots())));
        this.thread = Thread.ofVirtual().name("credentials").unstarted(this::keepFresh);
    }

    /**
     * Fetches the first certificate and keeps it fresh. Asks once and blocks for 10 s at most: throws
     * {@link IllegalStateException} where the server refuses or cannot be reached, so that the caller decides whether
     * to wait, see {@link FirstCertificate}; {@link IllegalArgumentException} and {@link UncheckedIOException} where
     * our own files cannot be used. {@code onRenewal} hears of every later attempt, on a thread of ours.
     */
    public static RemoteCredentials open(RemoteSource source, InstantSource clock, Consumer<Renewal> onRenewal) {
        PeerVerifier verifier = new SpiffeVerifier();
        SecureRandom random = new SecureRandom();
        TrustBundles believed = bundles(0, source.server().trustDomain(), PemFile.certificates(source.roots()));
        String token = token(source);
        try {
            CertificateFetch.Fetched first = new CertificateFetch(source, verifier, random)
                    .fetch(anonymous(source, believed, verifier, clock), token, source.id(), clock.instant());
            RemoteCredentials credentials = new RemoteCredentials(source, verifier, clock, random, first, onRenewal);
            credentials.thread.start();
            return credentials;
        } catch (StatusRuntimeException refused) {
            throw noneFrom(source, refused.getStatus().toString(), refused);
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
        return latest().bundles();
    }

    /** Calls back on the thread that renews. */
    @Override
    public Subscription subscribe(Runnable onChange) {
        subscribers.add(onChange);
        return () -> subscribers.remove(onChange);
    }

    /** Any thread. Asks for the next certificate now; blocks for 10 s at most. */
    public Renewal renew() {
        try {
            ChannelCredentials shown = new GrpcTls(this, verifier, clock).channel(source.server()::equals);
            CertificateFetch.Fetched fetched = new CertificateFetch(source, verifier, random)
                    .fetch(shown, token(source), Optional.of(wanted), clock.instant());
            publish(fetched);
            return new Renewal.Renewed(fetched.svid().notAfter());
        } catch (StatusRuntimeException refused) {
            return kept(refused.getStatus().toString());
        } catch (IllegalArgumentException | UncheckedIOException unusable) {
            return kept(String.valueOf(unusable.getMessage()));
        }
    }

    /** Ends the renewal; the last certificate stays. */
    @Override
    public void close() {
        thread.interrupt();
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
            onRenewal.accept(renewal);
            if (renewal instanceof Renewal.Renewed) {
                return;
            }
            Thread.sleep(RenewalRules.untilRetry(failures, random.nextDouble()));
        }
    }

    private Renewal kept(String why) {
        X509Svid svid = svid();
        return new Renewal.Kept(why, RenewalRules.isLate(svid.notBefore(), svid.notAfter(), clock.instant()));
    }

    private void publish(CertificateFetch.Fetched fetched) {
        TrustDomain domain = source.server().trustDomain();
        moment.updateAndGet(before -> {
            TrustBundles old = Objects.requireNonNull(before).bundles();
            boolean same = old.rootsOf(domain).equals(fetched.roots());
            return new Moment(fetched.svid(), same ? old : bundles(old.generation() + 1, domain, fetched.roots()));
        });
        subscribers.forEach(Runnable::run);
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

    private static String token(RemoteSource source) {
        try {
            return Files.readString(source.token(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("token: " + source.token() + " (expected: a readable file)", e);
        }
    }
}
