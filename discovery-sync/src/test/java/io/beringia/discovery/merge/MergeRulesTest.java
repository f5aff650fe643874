package io.beringia.discovery.merge;

import static io.beringia.discovery.merge.Clusters.ECHO;
import static io.beringia.discovery.merge.Clusters.export;
import static io.beringia.discovery.merge.Clusters.id;
import static io.beringia.discovery.merge.Clusters.identity;
import static io.beringia.discovery.merge.Clusters.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MergeRulesTest {
    @Test
    void nobody_exports_is_no_service() {
        assertThat(MergeRules.merge(ECHO, List.of())).isEmpty();
    }

    @Test
    void the_order_of_the_parts_does_not_matter() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<FederatedService.Part> parts = new ArrayList<>(IntStream.rangeClosed(1, 6)
                    .mapToObj(number -> part(number, randomPorts(random)))
                    .toList());
            FederatedService merged = MergeRules.merge(ECHO, parts).orElseThrow();
            Collections.shuffle(parts, random);

            assertThat(MergeRules.merge(ECHO, parts)).as("seed %d", seed).contains(merged);
        }
    }

    @Test
    void the_oldest_wins_a_port_and_the_others_add_theirs() {
        FederatedService merged = MergeRules.merge(
                        ECHO,
                        List.of(
                                part(2, tcp("http", 8080, 1), tcp("web", 80, 2), tcp("admin", 9000, 3)),
                                part(1, tcp("http", 80, 8080), tcp("grpc", 90, 9090))))
                .orElseThrow();

        assertThat(merged.ports())
                .as("http of c2 has a taken name, web a taken number; where a cluster lacks a port there is no target")
                .containsExactly(tcp("http", 80, 8080), tcp("grpc", 90, 0), tcp("admin", 9000, 0));
        assertThat(merged.conflicts()).containsExactly(FederatedService.Conflict.PORT_CONFLICT);
        assertThat(merged.parts()).extracting(FederatedService.Part::cluster).containsExactly(id(1), id(2));
    }

    @Test
    void a_port_without_name_gets_one_beside_others() {
        assertThat(MergeRules.merge(ECHO, List.of(part(1, tcp("", 80, 8080))))
                        .orElseThrow()
                        .ports())
                .containsExactly(tcp("", 80, 8080));
        assertThat(MergeRules.merge(ECHO, List.of(part(1, tcp("", 80, 8080), tcp("b", 81, 81))))
                        .orElseThrow()
                        .ports())
                .containsExactly(tcp("port-80", 80, 8080), tcp("b", 81, 81));
    }

    @Test
    void equal_ports_are_no_conflict_and_identities_are_a_sorted_union() {
        FederatedService merged =
                MergeRules.merge(ECHO, List.of(part(3), part(1), part(2))).orElseThrow();

        assertThat(merged.conflicts()).isEmpty();
        assertThat(merged.identities())
                .containsExactly(identity(1, "demo", "echo"), identity(2, "demo", "echo"), identity(3, "demo", "echo"));
    }

    @Test
    void waypoints_answer_too_and_policies_that_differ_are_seen_as_far_as_they_are_known() {
        assertThat(merged("a", "a").isPolicySkewed()).isFalse();
        assertThat(merged("a", "").isPolicySkewed()).as("nobody knows").isFalse();
        assertThat(merged("a", "b").isPolicySkewed()).isTrue();
        assertThat(merged("a", "b").identities())
                .containsExactly(
                        identity(1, "demo", "echo"),
                        identity(1, "demo", "waypoint"),
                        identity(2, "demo", "echo"),
                        identity(2, "demo", "waypoint"));
    }

    private static FederatedService merged(String... digests) {
        return MergeRules.merge(
                        ECHO,
                        IntStream.rangeClosed(1, digests.length)
                                .mapToObj(i -> new FederatedService.Part(id(i), guarded(i, digests[i - 1])))
                                .toList())
                .orElseThrow();
    }

    private static Export guarded(int number, String digest) {
        Export it = export(number, 1);
        return new Export(
                it.service(),
                it.createdAt(),
                it.ports(),
                it.identities(),
                it.capacities(),
                it.mcs(),
                it.slices(),
                new Export.Guard(digest, Set.of(identity(number, "demo", "waypoint"))));
    }

    @Test
    void exports_of_the_same_second_go_by_the_name_of_the_cluster() {
        Export older = export(1, 1, tcp("a", 80, 1));
        Export sameSecond = new Export(
                ECHO, older.createdAt().plusMillis(999), List.of(tcp("b", 80, 2)), older.identities(), List.of());

        FederatedService merged = MergeRules.merge(
                        ECHO,
                        List.of(new FederatedService.Part(id(2), older), new FederatedService.Part(id(1), sameSecond)))
                .orElseThrow();

        assertThat(merged.parts()).extracting(FederatedService.Part::cluster).containsExactly(id(1), id(2));
    }

    private static FederatedService.Part part(int number, Export.ExportedPort... ports) {
        return new FederatedService.Part(id(number), ports.length == 0 ? export(number, 1) : export(number, 1, ports));
    }

    private static Export.ExportedPort[] randomPorts(Random random) {
        return IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(i -> tcp("p" + random.nextInt(4), 80 + random.nextInt(4), random.nextInt(3)))
                .toArray(Export.ExportedPort[]::new);
    }
}
