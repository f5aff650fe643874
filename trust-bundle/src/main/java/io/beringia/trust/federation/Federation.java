package io.beringia.trust.federation;

import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The foreign trust domains that we recognise, each followed by a thread of its own. Any thread. Their roots are side by
 * side here and never in one set.
 */
public final class Federation implements AutoCloseable {
    private final LastGoodBundles lastGood;
    private final Map<TrustDomain, BundleDocument> latest = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();

    private Federation(LastGoodBundles lastGood) {
        this.lastGood = lastGood;
    }

    /**
     * With the last good bundles, before anybody is asked. Throws {@link UncheckedIOException} where the folder cannot be
     * read.
     */
    public static Federation open(FederationConfig config) {
        Federation federation = new Federation(new LastGoodBundles(config.dir()));
        try {
            federation.lastGood.keep(config.names());
            for (TrustDomain domain : config.names()) {
                federation.restore(domain);
            }
            return federation;
        } catch (IOException e) {
            throw new UncheckedIOException("federation.dir: " + config.dir() + " (expected: a folder of ours)", e);
        }
    }

    /** What is no bundle stays where it is and is told at the first question: nothing newer is believed beside it. */
    private void restore(TrustDomain domain) throws IOException {
        try {
            lastGood.read(domain).ifPresent(this::publish);
        } catch (IllegalArgumentException changedByHand) {
            latest.remove(domain);
        }
    }

    /**
     * What an endpoint answers.
     *
     * @param objection why it would not take the place of the last good one; empty where it would, or is the same
     */
    public record Answer(BundleDocument document, Optional<String> objection) {}

    /**
     * Asks once and changes nothing, for whoever wants to know beforehand. Blocks for 10 s at most. Throws
     * {@link IOException} where the right one does not answer, {@link IllegalArgumentException} where that is no bundle.
     */
    public static Answer ask(ForeignDomain domain, LastGoodBundles lastGood, InstantSource clock)
            throws IOException, InterruptedException {
        byte[] json = new HttpsBundleSource(domain, clock).fetch(new Federation(lastGood).believed(domain));
        BundleDocument document = BundleDocument.parse(domain.trustDomain(), json);
        return switch (SequenceRules.judge(lastGood.read(domain.trustDomain()), document)) {
            case SequenceRules.Refused(String why) -> new Answer(document, Optional.of(why));
            case SequenceRules.Same same -> new Answer(document, Optional.empty());
            case SequenceRules.Taken taken -> new Answer(document, Optional.empty());
            case SequenceRules.Withdrawn withdrawn -> new Answer(document, Optional.empty());
        };
    }

    /** Begins to ask. {@code told} hears of every answer, on the domains' threads. Once. */
    public void follow(FederationConfig config, InstantSource clock, Consumer<Fetch> told) {
        for (ForeignDomain domain : config.domains()) {
            BundleWatch watch = new BundleWatch(
                    domain.trustDomain(),
                    lastGood,
                    new HttpsBundleSource(domain, clock),
                    () -> believed(domain),
                    this::publish,
                    told);
            threads.add(
                    Thread.ofVirtual().name("bundle/" + domain.trustDomain()).start(watch));
        }
    }

    /** Every domain that is followed, and when its bundle was taken; the epoch where there is none yet. */
    public Map<TrustDomain, Instant> taken(FederationConfig config) {
        Map<TrustDomain, Instant> taken = new HashMap<>();
        for (TrustDomain domain : config.names()) {
            taken.put(domain, read(() -> lastGood.written(domain).orElse(Instant.EPOCH)));
        }
        return taken;
    }

    /** What is in force now. */
    public Foreign latest() {
        Map<TrustDomain, List<X509Certificate>> roots = new HashMap<>();
        latest.forEach((domain, bundle) -> roots.put(domain, bundle.roots()));
        return new Foreign(roots, changed());
    }

    /** A folder that cannot be looked at has not changed. */
    private Instant changed() {
        try {
            return lastGood.changed();
        } catch (IOException away) {
            return Instant.EPOCH;
        }
    }

    private void publish(BundleDocument bundle) {
        latest.put(bundle.trustDomain(), bundle);
    }

    /** The newest roots of the endpoint's trust domain: those on disk, or those to begin with. */
    private TrustBundles believed(ForeignDomain domain) {
        return switch (domain.profile()) {
            case ForeignDomain.Profile.Web web -> TrustBundles.EMPTY;
            case ForeignDomain.Profile.Spiffe spiffe -> {
                TrustDomain endpoint = spiffe.endpoint().trustDomain();
                yield new TrustBundles(1, Map.of(endpoint, rootsOf(endpoint, spiffe.bootstrap())));
            }
        };
    }

    private List<X509Certificate> rootsOf(TrustDomain domain, Optional<Path> bootstrap) {
        Optional<BundleDocument> kept = read(() -> lastGood.read(domain));
        if (kept.isEmpty() && bootstrap.isPresent()) {
            return BundleDocument.parse(domain, read(() -> Files.readAllBytes(bootstrap.get())))
                    .roots();
        }
        return kept.map(BundleDocument::roots).orElse(List.of());
    }

    private static <T> T read(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw new UncheckedIOException("federation: " + e.getMessage() + " (expected: a readable file)", e);
        }
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
