package io.beringia.trust.rotator;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.issuance.Issuer;
import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationEvidence.Candidate;
import io.beringia.trust.rotation.RotationEvidence.Partner;
import io.beringia.trust.rotation.RotationPhase;
import io.beringia.trust.rotation.RotationPhase.Canary;
import io.beringia.trust.rotation.RotationPhase.Changing;
import io.beringia.trust.rotation.RotationPhase.Prepared;
import io.beringia.trust.rotation.RotationPhase.Published;
import io.beringia.trust.rotation.RotationPhase.Publishing;
import io.beringia.trust.rotation.RotationPhase.Stable;
import io.beringia.trust.rotation.Since;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Our cluster, and those who have leaves of ours: as they are told and as they are seen. Owned by the loop. */
final class Mesh {
    /** Who is followed says what is in force, and who can be probed is: twenty times within the life of evidence. */
    private static final Duration ASK_EVERY = Duration.ofSeconds(15);

    /** A root that could not even be read. */
    private static final RootId NONE = new RootId("0".repeat(64));

    private final RotationConfig config;
    private final OwnCluster own;
    private final Intermediates intermediates;
    private final AdoptionBoard board;
    private final Probing probing;
    private final RotationNotes notes;
    private final Setting setting;
    private final InstantSource clock;
    private final Remembered<Candidate> candidates = new Remembered<>();
    /** Those of a change that is on its way: to open a key under a passphrase takes a good part of a second. */
    private final Map<RootId, Authority> opened = new HashMap<>();

    private Instant asked = Instant.EPOCH;
    private Since<Set<RootId>> endpoint = new Since<>(Set.of(), Instant.EPOCH);
    private boolean isListed;

    /**
     * What does not change while we run.
     *
     * @param leafLifeMax of a leaf that our issuance server makes
     * @param demoOnly it accepts static tokens
     * @param partners the refresh hint of those who fetch our bundle; empty where it is not served
     * @param began the entry of the ledger behind all leaves that were issued before us
     */
    record Setting(Duration leafLifeMax, boolean demoOnly, Optional<Duration> partners, long began) {}

    Mesh(
            RotationConfig config,
            OwnCluster own,
            Intermediates intermediates,
            AdoptionBoard board,
            Probing probing,
            RotationNotes notes,
            Setting setting,
            InstantSource clock) {
        this.config = config;
        this.own = own;
        this.intermediates = intermediates;
        this.board = board;
        this.probing = probing;
        this.notes = notes;
        this.setting = setting;
        this.clock = clock;
    }

    /** Both intermediates are copied to where a rotation takes them from. */
    void keep(Changing change) throws IOException {
        intermediates.keep(change.change().from(), intermediates.own(), clock);
        intermediates.keep(change.change().to(), intermediates.in(config.next()), clock);
    }

    void obey(RotationPhase phase) throws IOException {
        own.obey(phase);
    }

    Sight look(RotationState state, Instant now) throws IOException {
        RotationPhase phase = state.phase();
        Set<RootId> known = rootsOf(phase);
        isListed = isListed || list(now);
        if (phase instanceof Changing && !now.isBefore(asked.plus(ASK_EVERY))) {
            asked = now;
            ask(phase, known);
        }
        Instant inventoryAt = isListed ? now : Instant.EPOCH;
        return new Sight(
                candidate(phase, now),
                own.cluster(inventoryAt, now),
                own.seen(known, now),
                board.planes(own.name(), known, config.timing().clockSkew(), now),
                board.met(),
                setting.partners().stream()
                        .map(hint -> new Partner("whoever fetches our bundle", hint, Optional.empty()))
                        .toList(),
                endpoint(now));
    }

    private static Set<RootId> rootsOf(RotationPhase phase) {
        return switch (phase) {
            case Stable at -> Set.of(at.root());
            case Changing at -> Set.of(at.change().from(), at.change().to());
        };
    }

    private boolean list(Instant now) throws IOException {
        Instant since = now.minus(setting.leafLifeMax()).minus(config.timing().clockSkew());
        return notes.list(since, setting.began(), board);
    }

    private void ask(RotationPhase phase, Set<RootId> known) {
        own.issuer().own().ask();
        Set<RootId> roots = phase instanceof Prepared ? Set.of() : known;
        opened.keySet().retainAll(roots);
        roots.forEach(root -> opened.computeIfAbsent(root, it -> intermediates.open(it, clock)));
        probing.ask(Map.copyOf(opened));
    }

    /** Until it signs for somebody; then it is too late to doubt it. */
    private Optional<Candidate> candidate(RotationPhase phase, Instant now) {
        return switch (phase) {
            case Stable _ ->
                Files.exists(config.next())
                        ? Optional.of(judged(intermediates.in(config.next()), now, own.issuer()::authority))
                        : Optional.empty();
            case Prepared at -> kept(at, now);
            case Publishing at -> kept(at, now);
            case Published at -> kept(at, now);
            case Canary at -> kept(at, now);
            case Changing _ -> Optional.empty();
        };
    }

    private Optional<Candidate> kept(Changing at, Instant now) {
        return Optional.of(judged(
                intermediates.kept(at.change().to()),
                now,
                () -> intermediates.open(at.change().from(), clock)));
    }

    private Candidate judged(CaFiles files, Instant now, Supplier<Authority> active) {
        TrustBundles published = own.issuer().own().bundles();
        List<Object> beside = List.of(own.issuer().authority().certificate(), published.roots());
        return candidates.of(files, beside, now, () -> {
            try {
                return new Candidates(active.get(), setting.demoOnly(), clock).judge(files, published);
            } catch (RuntimeException unusable) {
                return new Candidate(
                        NONE, Instant.EPOCH, Duration.ZERO, List.of(String.valueOf(unusable.getMessage())));
            }
        });
    }

    private Since<Set<RootId>> endpoint(Instant now) {
        Issuer issuer = own.issuer();
        TrustBundles newest = issuer.own().bundles();
        Set<RootId> served = Roots.ids(newest.rootsOf(issuer.authority().trustDomain()));
        if (!endpoint.value().equals(served)) {
            endpoint = new Since<>(served, now);
        }
        return endpoint;
    }
}
