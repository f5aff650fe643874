package io.beringia.trust.federation;

import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Follows the bundle of one foreign trust domain: asks, judges, keeps on disk, and only then believes. The virtual thread
 * {@code bundle/<trust domain>} owns it.
 */
final class BundleWatch implements Runnable {
    /** What is on disk is what we compare with: whoever deletes it by hand has it forgotten. */
    private final LastGoodBundles lastGood;

    private final TrustDomain domain;
    private final BundleSource source;
    private final Supplier<TrustBundles> believed;
    private final Consumer<BundleDocument> publish;
    private final Consumer<Fetch> told;
    private Duration pause = BundleDocument.REFRESH_MIN;

    /**
     * @param believed who vouches for the endpoint, at each question anew
     * @param publish what is in force from then on
     */
    BundleWatch(
            TrustDomain domain,
            LastGoodBundles lastGood,
            BundleSource source,
            Supplier<TrustBundles> believed,
            Consumer<BundleDocument> publish,
            Consumer<Fetch> told) {
        this.domain = domain;
        this.lastGood = lastGood;
        this.source = source;
        this.believed = believed;
        this.publish = publish;
        this.told = told;
    }

    @Override
    public void run() {
        try {
            while (true) {
                told.accept(poll());
                Thread.sleep(pause);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** How long the next question waits: what the last good document hints. */
    Duration pause() {
        return pause;
    }

    Fetch poll() throws InterruptedException {
        Optional<Long> sequence = Optional.empty();
        try {
            BundleDocument offered = BundleDocument.parse(domain, source.fetch(believed.get()));
            sequence = offered.sequence();
            return switch (SequenceRules.judge(lastGood.read(domain), offered)) {
                case SequenceRules.Refused(String why) -> new Fetch(domain, Fetch.Outcome.REFUSED, why, sequence);
                case SequenceRules.Same same -> inForce(offered, Fetch.Outcome.SAME);
                case SequenceRules.Taken taken -> {
                    lastGood.write(offered);
                    yield inForce(offered, Fetch.Outcome.TAKEN);
                }
                case SequenceRules.Withdrawn withdrawn -> {
                    publish.accept(offered); // even where the disk fails
                    lastGood.write(offered);
                    yield inForce(offered, Fetch.Outcome.WITHDRAWN);
                }
            };
        } catch (IllegalArgumentException wrong) {
            return new Fetch(domain, Fetch.Outcome.REFUSED, String.valueOf(wrong.getMessage()), sequence);
        } catch (IOException | RuntimeException away) {
            return new Fetch(domain, Fetch.Outcome.FAILED, String.valueOf(away.getMessage()), sequence);
        }
    }

    private Fetch inForce(BundleDocument bundle, Fetch.Outcome outcome) {
        pause = bundle.refresh();
        publish.accept(bundle);
        return new Fetch(domain, outcome, String.join("; ", bundle.ignored()), bundle.sequence());
    }
}
