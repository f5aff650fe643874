package io.beringia.trust.rotation;

import static io.beringia.trust.rotation.SeenMesh.BEFORE;
import static io.beringia.trust.rotation.SeenMesh.LATELY;
import static io.beringia.trust.rotation.SeenMesh.LEAF_LIFE;
import static io.beringia.trust.rotation.SeenMesh.NEW;
import static io.beringia.trust.rotation.SeenMesh.NOW;
import static io.beringia.trust.rotation.SeenMesh.OLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.rotation.RotationEvidence.Adoption;
import io.beringia.trust.rotation.RotationEvidence.Cluster;
import io.beringia.trust.rotation.RotationEvidence.Issuer;
import io.beringia.trust.rotation.RotationEvidence.Partner;
import io.beringia.trust.rotation.RotationEvidence.Plane;
import io.beringia.trust.rotation.RotationEvidence.Probe;
import io.beringia.trust.rotation.RotationEvidence.RootsFrom;
import io.beringia.trust.rotation.RotationPhase.Activating;
import io.beringia.trust.rotation.RotationPhase.Canary;
import io.beringia.trust.rotation.RotationPhase.Changing;
import io.beringia.trust.rotation.RotationPhase.Draining;
import io.beringia.trust.rotation.RotationPhase.Prepared;
import io.beringia.trust.rotation.RotationPhase.Publishing;
import io.beringia.trust.rotation.RotationPhase.Retired;
import io.beringia.trust.rotation.RotationPhase.Retiring;
import io.beringia.trust.rotation.RotationPhase.RollingBack;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each gate: what closes it, and what the operator reads then. */
final class RotationGatesTest {
    private static final Change CHANGE = new Change(OLD, NEW, new Pace.Careful());
    private static final Prepared PREPARED = new Prepared(CHANGE, 8, BEFORE);
    private static final Publishing PUBLISHING = new Publishing(CHANGE, 9, BEFORE);
    private static final Canary CANARY = new Canary(CHANGE, 9, BEFORE);
    private static final Activating ACTIVATING = new Activating(CHANGE, 10, BEFORE, List.of("us-east"));
    private static final Draining DRAINING = new Draining(CHANGE, 11, BEFORE);
    private static final Retiring RETIRING = new Retiring(CHANGE, 12, BEFORE);
    private static final Set<RootId> BOTH = Set.of(OLD, NEW);
    private static final Instant LONG_AGO = NOW.minus(Duration.ofMinutes(6));
    private static final Instant LEAF_END = NOW.plus(Duration.ofHours(12));

    private final RotationRules rules = new RotationRules(RotationTiming.DEFAULT);

    static Stream<Arguments> closed() {
        return Stream.of(
                row(
                        Gate.CANDIDATE,
                        PUBLISHING,
                        mesh -> mesh.candidate = Optional.empty(),
                        "bbbbbbbbbbbb: no next root is made"),
                row(
                        Gate.CLUSTERS,
                        PREPARED,
                        mesh -> cluster(mesh, BOTH, List.of(), LATELY, LATELY),
                        "us-east: has another CA than the one that we gave it"),
                row(
                        Gate.CLUSTERS,
                        PREPARED,
                        mesh -> cluster(mesh, Set.of(OLD), List.of("ISTIO_MULTIROOT_MESH"), LATELY, LATELY),
                        "us-east: would drop an update of its CA"),
                row(
                        Gate.CLUSTERS,
                        PREPARED,
                        mesh -> cluster(mesh, Set.of(OLD), List.of(), LATELY, LONG_AGO),
                        "us-east: has not been seen for too long"),
                row(
                        Gate.INVENTORY,
                        PUBLISHING,
                        mesh -> cluster(mesh, BOTH, List.of(), LONG_AGO, LATELY),
                        "us-east: its data planes have not been listed for too long"),
                row(
                        Gate.INVENTORY,
                        DRAINING,
                        mesh -> mesh.issuers.removeFirst(),
                        "us-east: nobody is known to sign there"),
                row(
                        Gate.HANDED_OUT,
                        PUBLISHING,
                        mesh -> issuer(mesh, 9, Set.of(OLD), OLD, OLD, LATELY),
                        "ca/us-east: gives out other roots"),
                row(
                        Gate.HANDED_OUT,
                        PUBLISHING,
                        mesh -> issuer(mesh, 8, BOTH, OLD, OLD, LATELY),
                        "ca/us-east: has not obeyed the newest order"),
                row(
                        Gate.HANDED_OUT,
                        RETIRING,
                        mesh -> issuer(mesh, 12, BOTH, NEW, NEW, LATELY),
                        "ca/us-east: gives out other roots"),
                row(
                        Gate.HANDED_OUT,
                        PUBLISHING,
                        mesh -> issuer(mesh, 9, BOTH, OLD, OLD, LONG_AGO),
                        "ca/us-east: has not been seen for too long"),
                row(
                        Gate.MOUNTED,
                        PUBLISHING,
                        mesh -> mounted(mesh, Set.of(OLD), BEFORE),
                        "us-east: a namespace holds other roots"),
                row(
                        Gate.MOUNTED,
                        PUBLISHING,
                        mesh -> mounted(mesh, BOTH, NOW.minusSeconds(299)),
                        "us-east: pods may still read the file before (at the latest until 2026-11-30T12:00:01Z)"),
                row(
                        Gate.TRUSTED,
                        PUBLISHING,
                        mesh -> mesh.ztunnel(new Adoption(Set.of(OLD), OLD, LEAF_END, LATELY)),
                        "ztunnel/cart: does not trust it yet"),
                row(
                        Gate.TRUSTED,
                        PUBLISHING,
                        mesh -> mesh.gateway(new Adoption(Set.of(OLD), OLD, LEAF_END, LATELY)),
                        "gateway/east: does not trust it yet"),
                row(
                        Gate.PARTNERS,
                        PUBLISHING,
                        mesh -> mesh.partners.set(
                                0, new Partner("partner.example", Duration.ofMinutes(5), Optional.of(Set.of(OLD)))),
                        "partner.example: has not fetched it"),
                row(
                        Gate.PARTNERS,
                        PUBLISHING,
                        mesh -> mesh.partners.set(1, new Partner("shy.example", Duration.ofDays(1), Optional.empty())),
                        "shy.example: may not have fetched it yet (at the latest until 2026-12-03T12:00:00Z)"),
                row(
                        Gate.PROBES,
                        CANARY,
                        mesh -> probes(mesh, new Probe("us-east", NEW, true, LATELY)),
                        "ztunnel: no probe of this phase has reached it from every cluster"),
                row(
                        Gate.PROBES,
                        CANARY,
                        mesh -> probes(
                                mesh,
                                new Probe("us-east", NEW, true, LATELY),
                                new Probe("us-west", NEW, true, BEFORE.minusMillis(1))),
                        "ztunnel: no probe of this phase has reached it from every cluster"),
                row(
                        Gate.PROBES,
                        CANARY,
                        mesh -> probes(
                                mesh,
                                new Probe("us-east", NEW, true, LATELY),
                                new Probe("us-west", NEW, false, LATELY)),
                        "ztunnel/cart: refuses the probe"),
                row(
                        Gate.SIGNERS,
                        ACTIVATING,
                        mesh -> issuer(mesh, 10, BOTH, OLD, OLD, LATELY),
                        "ca/us-east: signs under another root"),
                row(
                        Gate.SIGNERS,
                        ACTIVATING,
                        mesh -> issuer(mesh, 9, BOTH, NEW, NEW, LATELY),
                        "ca/us-east: has not obeyed the newest order"),
                row(
                        Gate.SIGNERS,
                        new RollingBack(CHANGE, 12, BEFORE),
                        mesh -> issuer(mesh, 12, BOTH, NEW, OLD, LATELY),
                        "ca/us-east: signs under another root"),
                row(
                        Gate.LEAVES,
                        DRAINING,
                        mesh -> mesh.ztunnel(new Adoption(BOTH, OLD, LEAF_END, LATELY)),
                        "ztunnel/cart: presents a leaf under the leaving root"),
                row(
                        Gate.LEAVES,
                        DRAINING,
                        mesh -> recorded(mesh, Map.of(OLD, LEAF_END)),
                        "ca/us-east: leaves that it made under the leaving root may be alive (at the latest until 2026-12-01T00:05:00Z)"),
                row(
                        Gate.SERVING,
                        DRAINING,
                        mesh -> issuer(mesh, 11, BOTH, NEW, OLD, LATELY),
                        "ca/us-east: proves itself by the leaving root"),
                row(
                        Gate.GONE,
                        RETIRING,
                        mesh -> mesh.ztunnel(new Adoption(BOTH, NEW, LEAF_END, LATELY)),
                        "ztunnel/cart: still trusts it"),
                row(
                        Gate.KEY,
                        new Retired(CHANGE, 13, BEFORE),
                        mesh -> mesh.destroyed = Set.of(),
                        "aaaaaaaaaaaa: its key is not known to be destroyed and denied"));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("closed")
    void holds_and_says_why(Gate gate, Changing phase, Consumer<SeenMesh> spoil, String why) {
        SeenMesh mesh = new SeenMesh(phase);
        assertThat(missing(phase, mesh)).as("with all in order").isEmpty();
        spoil.accept(mesh);
        assertThat(missing(phase, mesh)).as("missing").containsExactly(gate + " " + why);
    }

    @Test
    void every_gate_stands_in_the_table() {
        assertThat(closed().map(row -> row.get()[0]).collect(Collectors.toSet()))
                .as("gates")
                .isEqualTo(Set.copyOf(EnumSet.allOf(Gate.class)));
    }

    static Stream<Arguments> out_of_sight() {
        Instant end = BEFORE.plus(LEAF_LIFE);
        String fenced = "none";
        return Stream.of(
                fence("with its roots from its leaf, which has ended", PUBLISHING, RootsFrom.LEAF, BEFORE, end, fenced),
                fence(
                        "with a leaf that has not ended",
                        PUBLISHING,
                        RootsFrom.LEAF,
                        BEFORE,
                        NOW,
                        "2026-11-30T12:05:00Z"),
                fence(
                        "while one from before its issuers changed may live",
                        PUBLISHING,
                        RootsFrom.LEAF,
                        NOW.minus(LEAF_LIFE),
                        end,
                        "2026-11-30T12:05:00Z"),
                fence("with roots that need no leaf", PUBLISHING, RootsFrom.STREAM, BEFORE, end, "never"),
                fence(
                        "with roots that need no leaf, where leaves count",
                        DRAINING,
                        RootsFrom.STREAM,
                        BEFORE,
                        end,
                        fenced),
                fence("while roots that need no leaf may be old", RETIRING, RootsFrom.STREAM, BEFORE, end, "never"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("out_of_sight")
    void a_data_plane_out_of_sight_is_fenced(
            String what, Changing phase, RootsFrom from, Instant issuersSince, Instant leafEnd, String until) {
        SeenMesh mesh = new SeenMesh(phase);
        issuerSince(mesh, issuersSince);
        Adoption last = new Adoption(Set.of(OLD), OLD, leafEnd, LONG_AGO);
        mesh.planes.set(0, new Plane("cart", "node-1", from, Optional.of(last), List.of()));
        assertThat(missingOf("cart", phase, mesh)).as(what).isEqualTo(until);
    }

    @Test
    void one_that_was_never_seen_is_fenced_when_every_leaf_from_before_has_ended() {
        SeenMesh mesh = new SeenMesh(PUBLISHING);
        mesh.planes.set(0, new Plane("cart", "node-1", RootsFrom.LEAF, Optional.empty(), List.of()));
        assertThat(missingOf("cart", PUBLISHING, mesh)).as("two days later").isEqualTo("none");
        issuerSince(mesh, NOW.minus(Duration.ofHours(1)));
        assertThat(missingOf("cart", PUBLISHING, mesh)).as("an hour later").isEqualTo("2026-12-01T11:05:00Z");
    }

    @Test
    void what_was_seen_while_an_old_answer_could_be_on_its_way_does_not_count() {
        SeenMesh mesh = new SeenMesh(PUBLISHING);
        issuerSince(mesh, LATELY.minusSeconds(29));
        assertThat(missing(PUBLISHING, mesh))
                .as("29 s later")
                .containsExactly(
                        "TRUSTED ztunnel/cart: has not been seen since every issuer obeys",
                        "TRUSTED gateway/east: has not been seen since every issuer obeys");
        issuerSince(mesh, LATELY.minusSeconds(30));
        assertThat(missing(PUBLISHING, mesh)).as("30 s later").isEmpty();
    }

    @Test
    void an_issuer_that_records_nothing_may_have_made_a_leaf_just_before_it_obeyed() {
        SeenMesh mesh = new SeenMesh(DRAINING);
        Issuer east = mesh.issuers.getFirst();
        mesh.issuers.set(0, at(east, NOW.minus(Duration.ofHours(1)), Optional.empty()));
        assertThat(missing(DRAINING, mesh))
                .as("an hour later")
                .contains("LEAVES ca/us-east: leaves that it made under the leaving root may be alive"
                        + " (at the latest until 2026-12-01T11:05:00Z)");
    }

    @Test
    void certificates_by_which_an_issuer_proves_itself_obey_orders_of_their_own() {
        SeenMesh mesh = new SeenMesh(DRAINING);
        Issuer west = mesh.issuers.getLast();
        mesh.issuers.set(
                1,
                new Issuer(
                        west.name(),
                        west.cluster(),
                        west.generation(),
                        west.handsOut(),
                        west.signs(),
                        west.since(),
                        west.serves(),
                        west.generation() - 1,
                        LEAF_LIFE,
                        west.leafEnds(),
                        LATELY));
        assertThat(missing(DRAINING, mesh))
                .as("one order behind")
                .containsExactly("SERVING ca/us-west: has not obeyed the newest order");
    }

    @Test
    void an_operator_sets_a_data_plane_aside_by_its_name() {
        SeenMesh mesh = new SeenMesh(CANARY);
        mesh.ztunnel(new Adoption(Set.of(OLD), OLD, LEAF_END, LATELY));
        assertThat(missing(CANARY, mesh)).as("without").hasSize(3);
        mesh.waived = Set.of("ztunnel/cart");
        assertThat(missing(CANARY, mesh)).as("set aside").isEmpty();
    }

    @Test
    void an_emergency_waits_for_a_share_of_the_data_planes() {
        SeenMesh mesh = new SeenMesh(PUBLISHING);
        mesh.ztunnel(new Adoption(Set.of(OLD), OLD, LEAF_END, LATELY));
        assertThat(missing(new Publishing(CHANGE.urgent(50), 9, BEFORE), mesh))
                .as("one of two")
                .isEmpty();
        assertThat(missing(new Publishing(CHANGE.urgent(51), 9, BEFORE), mesh))
                .as("more than one of two")
                .containsExactly("TRUSTED ztunnel/cart: does not trust it yet");
    }

    /** As after a restart, when the only one that came back yet would be all of them. */
    @Test
    void an_emergency_counts_no_share_before_the_data_planes_were_listed() {
        Publishing urgent = new Publishing(CHANGE.urgent(60), 9, BEFORE);
        SeenMesh mesh = new SeenMesh(PUBLISHING);
        mesh.planes.removeFirst();
        cluster(mesh, BOTH, List.of(), Instant.EPOCH, LATELY);
        assertThat(missing(urgent, mesh))
                .as("never listed")
                .containsExactly("INVENTORY us-east: its data planes were not listed since this process began");

        cluster(mesh, BOTH, List.of(), LONG_AGO, LONG_AGO);
        assertThat(missing(urgent, mesh)).as("silent since").isEmpty();
    }

    @Test
    void a_mesh_without_clusters_is_no_evidence() {
        SeenMesh mesh = new SeenMesh(PUBLISHING);
        mesh.clusters.clear();
        assertThatThrownBy(mesh::seen).as("nothing").hasMessage("clusters: none (expected: all of the trust domain)");
    }

    private List<String> missing(Changing phase, SeenMesh mesh) {
        return found(phase, mesh).stream()
                .map(one -> one.gate() + " " + one.text())
                .toList();
    }

    /** Until when one is waited for: a time, {@code never} where none ends it, {@code none} where none is needed. */
    private String missingOf(String who, Changing phase, SeenMesh mesh) {
        return found(phase, mesh).stream()
                .filter(one -> one.who().equals(who))
                .map(one -> one.until().map(Instant::toString).orElse("never"))
                .findFirst()
                .orElse("none");
    }

    private List<Missing> found(Changing phase, SeenMesh mesh) {
        return rules.next(phase, mesh.seen(), NOW) instanceof Decision.Hold(List<Missing> missing)
                ? missing
                : List.of();
    }

    private static Arguments row(Gate gate, Changing phase, Consumer<SeenMesh> spoil, String why) {
        return Arguments.of(gate, phase, spoil, why);
    }

    private static Arguments fence(
            String what, Changing phase, RootsFrom from, Instant issuersSince, Instant leafEnd, String until) {
        return Arguments.of(what, phase, from, issuersSince, leafEnd, until);
    }

    private static void cluster(
            SeenMesh mesh, Set<RootId> roots, List<String> faults, Instant inventoryAt, Instant seenAt) {
        Cluster first = mesh.clusters.getFirst();
        mesh.clusters.set(0, new Cluster(first.name(), roots, faults, first.mounted(), inventoryAt, seenAt));
    }

    private static void mounted(SeenMesh mesh, Set<RootId> roots, Instant since) {
        Cluster first = mesh.clusters.getFirst();
        mesh.clusters.set(
                0, new Cluster(first.name(), first.roots(), List.of(), new Since<>(roots, since), LATELY, LATELY));
    }

    private static void issuer(
            SeenMesh mesh, long generation, Set<RootId> handsOut, RootId signs, RootId serves, Instant seenAt) {
        Issuer first = mesh.issuers.getFirst();
        mesh.issuers.set(
                0,
                new Issuer(
                        first.name(),
                        first.cluster(),
                        generation,
                        handsOut,
                        signs,
                        BEFORE,
                        serves,
                        generation,
                        LEAF_LIFE,
                        first.leafEnds(),
                        seenAt));
    }

    private static void recorded(SeenMesh mesh, Map<RootId, Instant> ends) {
        Issuer first = mesh.issuers.getFirst();
        mesh.issuers.set(0, at(first, BEFORE, Optional.of(ends)));
    }

    private static void issuerSince(SeenMesh mesh, Instant since) {
        Issuer first = mesh.issuers.getFirst();
        mesh.issuers.set(0, at(first, since, first.leafEnds()));
    }

    private static Issuer at(Issuer one, Instant since, Optional<Map<RootId, Instant>> ends) {
        return new Issuer(
                one.name(),
                one.cluster(),
                one.generation(),
                one.handsOut(),
                one.signs(),
                since,
                one.serves(),
                one.servesGeneration(),
                one.leafLifeMax(),
                ends,
                one.seenAt());
    }

    private static void probes(SeenMesh mesh, Probe... probes) {
        Plane first = mesh.planes.getFirst();
        mesh.planes.set(0, new Plane(first.name(), first.proxy(), first.rootsFrom(), first.last(), List.of(probes)));
    }
}
