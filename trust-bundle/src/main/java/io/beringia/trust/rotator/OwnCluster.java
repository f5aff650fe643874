package io.beringia.trust.rotator;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.issuance.Issuer;
import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationEvidence;
import io.beringia.trust.rotation.RotationEvidence.Cluster;
import io.beringia.trust.rotation.RotationPhase;
import io.beringia.trust.rotation.RotationPhase.Changing;
import io.beringia.trust.rotation.RotationPhase.Prepared;
import io.beringia.trust.rotation.RotationPhase.Retired;
import io.beringia.trust.rotation.RotationPhase.Stable;
import io.beringia.trust.rotation.Since;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Our own cluster: does what a phase orders, any number of times, and says what is seen of it. What was done is never
 * taken for what is seen. Owned by the loop.
 */
final class OwnCluster {
    /** A certificate that is being signed is recorded within five seconds, or not handed out. */
    private static final Duration HAND_OUT_MAX = Duration.ofSeconds(10);

    private final String name;
    private final Issuer issuer;
    private final Intermediates intermediates;
    private final Duration leafLifeMax;
    private final AdoptionBoard board;
    private final InstantSource clock;
    private long obeyed;
    private Optional<Since<Answers>> answers = Optional.empty();
    private Optional<Since<Set<RootId>>> mounted = Optional.empty();

    /** What whoever asks our issuance server gets. */
    private record Answers(long generation, Set<RootId> handsOut, RootId signs) {}

    OwnCluster(
            String name,
            Issuer issuer,
            Intermediates intermediates,
            Duration leafLifeMax,
            AdoptionBoard board,
            InstantSource clock) {
        this.name = name;
        this.issuer = issuer;
        this.intermediates = intermediates;
        this.leafLifeMax = leafLifeMax;
        this.board = board;
        this.clock = clock;
    }

    String name() {
        return name;
    }

    Issuer issuer() {
        return issuer;
    }

    /** As a rotation names the issuance server of a cluster. */
    static String issuerOf(String cluster) {
        return "ca/" + cluster;
    }

    /** Throws {@link IOException} or {@link RuntimeException} where a file cannot be had: then it has not obeyed. */
    void obey(RotationPhase phase) throws IOException {
        switch (phase) {
            case Stable _ -> {
                intermediates.finishSwap();
                intermediates.forget();
            }
            case Prepared _ -> {}
            case Changing changing -> {
                intermediates.publish(inOrder(changing));
                signUnder(phase.signer(name));
                if (phase instanceof Retired) {
                    intermediates.promote(phase.signer(name));
                }
            }
        }
        obeyed = phase.generation();
    }

    /** The old root first: it was there first. */
    static List<RootId> inOrder(Changing phase) {
        Set<RootId> published = phase.published();
        return List.of(phase.change().from(), phase.change().to()).stream()
                .filter(published::contains)
                .toList();
    }

    private void signUnder(RootId root) {
        Authority last = issuer.authority();
        RootId before = Roots.id(last.root());
        if (!before.equals(root)) {
            issuer.signing().change(intermediates.open(root, clock));
            board.mayStillSign(before, clock.instant().plus(HAND_OUT_MAX));
        }
    }

    /** {@code inventoryAt} is when the list of its data planes was last whole. */
    Cluster cluster(Instant inventoryAt, Instant now) {
        Set<RootId> roots = Roots.ids(intermediates.own().allRoots());
        Since<Set<RootId>> since =
                mounted.filter(last -> last.value().equals(roots)).orElseGet(() -> new Since<>(roots, now));
        mounted = Optional.of(since);
        return new Cluster(name, roots, List.of(), since, inventoryAt, now);
    }

    /** Our issuance server, as whoever asks it finds it. */
    RotationEvidence.Issuer seen(Set<RootId> known, Instant now) {
        Answers found = new Answers(
                obeyed,
                Roots.ids(issuer.own().bundles().rootsOf(issuer.authority().trustDomain())),
                Roots.id(issuer.authority().root()));
        Since<Answers> since =
                answers.filter(last -> last.value().equals(found)).orElseGet(() -> new Since<>(found, now));
        answers = Optional.of(since);
        Map<RootId, Instant> ends = board.ends(known);
        return new RotationEvidence.Issuer(
                issuerOf(name),
                name,
                found.generation(),
                found.handsOut(),
                found.signs(),
                since.since(),
                Roots.id(issuer.own().root()),
                found.generation(),
                leafLifeMax,
                Optional.of(ends),
                now);
    }
}
