package io.beringia.trust.rotator;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.issuance.Caller;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.LedgerEntry;
import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationEvidence.Adoption;
import io.beringia.trust.rotation.RotationEvidence.Plane;
import io.beringia.trust.rotation.RotationEvidence.RootsFrom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/**
 * Which data plane there is, which roots it has in force and which one is above its leaf, and how we know: it is listed
 * while a leaf of ours that it got is alive, what a process of ours follows it says itself, and everybody shows it to a
 * probe. Any thread; as large as there are live leaves.
 */
final class AdoptionBoard {
    /** What all processes of ours verify by: one verifier. */
    static final String OURS = "beringia";

    /** States of our roots that somebody may still confirm; each change makes one. */
    private static final int STATES_MAX = 64;

    private final Set<SpiffeId> notListed;
    private final ConcurrentMap<String, Leaf> leaves = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Instant> ends = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Said> said = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Set<RootId>> states = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Shown> shown = new ConcurrentHashMap<>();

    /**
     * The newest leaf that a data plane got.
     *
     * @param root above it, by the first half of its digest, as ledgers have it
     * @param sha256 of the leaf, the first half
     */
    private record Leaf(String proxy, RootsFrom from, String root, String sha256, Instant notAfter) {}

    private record Said(Set<RootId> roots, Instant at) {}

    /**
     * What a data plane showed to a probe.
     *
     * @param leaf it presented, the first half of its digest
     * @param issuer the root above it
     * @param accepted by the root above the probe's own leaf, whether it was
     */
    record Shown(String leaf, RootId issuer, Instant notAfter, Map<RootId, Boolean> accepted, Instant at) {
        Shown {
            accepted = Map.copyOf(accepted);
        }
    }

    /** {@code notListed} are names of our own process, which obeys without being asked. */
    AdoptionBoard(Set<SpiffeId> notListed) {
        this.notListed = Set.copyOf(notListed);
    }

    /** Before anybody has the leaf. */
    void issued(Caller caller, SpiffeId id, X509Certificate leaf, X509Certificate root) {
        Instant end = leaf.getNotAfter().toInstant();
        list(
                id,
                caller.instance(),
                caller.pod().map(pod -> pod.uid()),
                !caller.id().equals(id),
                new Leaf("", RootsFrom.LEAF, Roots.half(root), Roots.half(leaf), end),
                true);
    }

    /** The same as a ledger recorded it, before we began. */
    void recorded(LedgerEntry entry) {
        Optional<SpiffeId> id = entry.text(Field.REQUESTED_ID).flatMap(SpiffeId::tryParse);
        Optional<byte[]> root = entry.octets(Field.SOURCE_ROOT);
        Optional<byte[]> leaf = entry.octets(Field.SOURCE_LEAF);
        Optional<Long> end = entry.number(Field.NOT_AFTER);
        if (id.isPresent() && root.isPresent() && leaf.isPresent() && end.isPresent()) {
            list(
                    id.get(),
                    entry.octets(Field.INSTANCE).map(HexFormat.of()::formatHex),
                    entry.text(Field.POD_UID),
                    !entry.text(Field.SOURCE_ID).equals(entry.text(Field.REQUESTED_ID)),
                    new Leaf(
                            "",
                            RootsFrom.LEAF,
                            HexFormat.of().formatHex(root.get()),
                            HexFormat.of().formatHex(leaf.get()),
                            Instant.ofEpochSecond(end.get())),
                    false);
        }
    }

    static boolean isLeaf(LedgerEntry entry) {
        return entry.kind().filter(EntryKind.SVID_ISSUED::equals).isPresent();
    }

    private void list(
            SpiffeId id,
            Optional<String> instance,
            Optional<String> pod,
            boolean isForAnother,
            Leaf leaf,
            boolean isNewest) {
        if (notListed.contains(id)) {
            return;
        }
        ends.merge(leaf.root(), leaf.notAfter(), AdoptionBoard::later);
        String proxy = instance.map(one -> OURS)
                .orElseGet(() -> isForAnother && pod.isPresent() ? "pod/" + pod.get() : id.toString());
        RootsFrom from = instance.isPresent() ? RootsFrom.STREAM : RootsFrom.LEAF;
        Leaf listed = new Leaf(proxy, from, leaf.root(), leaf.sha256(), leaf.notAfter());
        leaves.merge(
                name(id, instance, pod),
                listed,
                (known, one) -> isNewest || one.notAfter().isAfter(known.notAfter()) ? one : known);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static String name(SpiffeId id, Optional<String> instance, Optional<String> pod) {
        return id
                + instance.map(one -> "#" + one.substring(0, 8))
                        .or(() -> pod.map(one -> "@" + one))
                        .orElse("");
    }

    /** These may be confirmed from here on, by this digest. */
    void published(String sha256, Set<RootId> roots) {
        if (states.size() < STATES_MAX || states.containsKey(sha256)) {
            states.put(sha256, roots);
        } else {
            states.clear();
            states.put(sha256, roots);
        }
    }

    /** What somebody has in force; a digest of roots that we did not publish says nothing. */
    void inForce(Caller caller, byte[] sha256, Instant now) {
        Set<RootId> roots = states.get(HexFormat.of().formatHex(sha256));
        if (roots != null) {
            said.put(name(caller.id(), caller.instance(), caller.pod().map(pod -> pod.uid())), new Said(roots, now));
        }
    }

    /** By a probe. A leaf that is nobody's newest is looked for in vain, and counts for nothing. */
    void shown(Shown one) {
        shown.put(one.leaf(), one);
    }

    /** Whoever signed until {@code now} may be about to hand out one more leaf, which lasts until it is listed. */
    void mayStillSign(RootId root, Instant until) {
        ends.merge(Roots.half(root), until, AdoptionBoard::later);
    }

    /** When the last leaf of each root ends. */
    Map<RootId, Instant> ends(Set<RootId> known) {
        Map<RootId, Instant> all = new HashMap<>();
        ends.forEach((half, end) -> all.put(Roots.of(half, known), end));
        return all;
    }

    /** Everybody who has a live leaf, by name; whoever has none speaks to nobody, and is forgotten. */
    List<Sight.Listed> planes(String cluster, Set<RootId> known, Duration skew, Instant now) {
        leaves.values().removeIf(leaf -> leaf.notAfter().plus(skew).isBefore(now));
        said.keySet().retainAll(leaves.keySet());
        shown.values().removeIf(one -> one.notAfter().plus(skew).isBefore(now));
        List<Sight.Listed> planes = new ArrayList<>();
        leaves.forEach((name, leaf) -> planes.add(new Sight.Listed(
                new Plane(
                        name,
                        leaf.proxy(),
                        leaf.from(),
                        adoption(name, leaf, known),
                        Optional.ofNullable(shown.get(leaf.sha256())).stream()
                                .flatMap(met -> JoinedEvidence.probes(cluster, met))
                                .toList()),
                leaf.sha256())));
        planes.sort(Comparator.comparing(one -> one.plane().name()));
        return planes;
    }

    /** Whoever answered a probe lately, with a leaf of ours or of another cluster. */
    List<Shown> met() {
        return List.copyOf(shown.values());
    }

    private Optional<Adoption> adoption(String name, Leaf leaf, Set<RootId> known) {
        return switch (leaf.from()) {
            case STREAM ->
                Optional.ofNullable(said.get(name))
                        .map(one -> new Adoption(one.roots(), Roots.of(leaf.root(), known), leaf.notAfter(), one.at()));
            case LEAF ->
                Optional.ofNullable(shown.get(leaf.sha256()))
                        .filter(one -> one.accepted().keySet().containsAll(known))
                        .map(one -> new Adoption(accepted(one), one.issuer(), one.notAfter(), one.at()));
        };
    }

    private static Set<RootId> accepted(Shown one) {
        return one.accepted().entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
