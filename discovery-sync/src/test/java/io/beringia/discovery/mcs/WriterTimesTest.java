package io.beringia.discovery.mcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.guard.SignsOfLife;
import io.beringia.discovery.kube.LeaseObject;
import io.beringia.discovery.merge.ClustersetName;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.McsExport;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the writer does by the clock: the lease, the endpoints of silent clusters, and types that change hands. */
final class WriterTimesTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SETTLE = Duration.ofSeconds(30);

    @Test
    void a_lease_of_another_is_over_when_it_stood_still_by_our_clock() {
        WriterLease ours = new WriterLease("b");
        LeaseObject theirs = new LeaseObject("7", "a", Duration.ofSeconds(15), T0.minusSeconds(9_999), 4);

        assertThat(ours.step(Optional.of(theirs), T0))
                .as("first seen, however old it says it is")
                .isEqualTo(new WriterLease.Step.Stand());
        assertThat(ours.step(Optional.of(theirs.renewed(T0.minusSeconds(9_998))), at(14)))
                .as("renewed")
                .isEqualTo(new WriterLease.Step.Stand());
        LeaseObject still = theirs.renewed(T0.minusSeconds(9_998));
        assertThat(ours.step(Optional.of(still), at(28))).isEqualTo(new WriterLease.Step.Stand());
        assertThat(ours.step(Optional.of(still), at(29)))
                .isEqualTo(new WriterLease.Step.Replace(new LeaseObject("7", "b", WriterLease.DURATION, at(29), 5)));
    }

    @Test
    void our_lease_ends_by_itself_when_nothing_renews_it() {
        WriterLease ours = new WriterLease("b");

        assertThat(ours.step(Optional.empty(), T0)).isInstanceOf(WriterLease.Step.Create.class);
        assertThat(ours.isOurs(T0)).as("not before the API took it").isFalse();
        ours.held(T0);
        assertThat(ours.isOurs(at(14))).isTrue();
        assertThat(ours.isOurs(at(15))).isFalse();
    }

    @Test
    void endpoints_of_a_silent_cluster_are_over_after_their_lease_and_those_of_others_are_not() {
        SignsOfLife ttl = new SignsOfLife(upTo(4), T0);
        for (int second = 1; second < 200; second++) {
            ttl.seen(ids(2, 3, 4), at(second));
            assertThat(ttl.expired()).as("second %d", second).isEqualTo(second < 60 ? Set.of() : ids1());
        }
        ttl.seen(upTo(4), at(200));
        assertThat(ttl.expired()).as("back").isEmpty();
    }

    private static Set<ClusterId> ids1() {
        return Set.of(new ClusterId("c1"));
    }

    @Test
    void nothing_is_over_when_it_is_us_who_are_cut_off() {
        SignsOfLife ttl = new SignsOfLife(upTo(4), T0);
        ttl.seen(ids(1, 2, 3, 4), at(5));
        ttl.seen(ids(4), at(300));

        assertThat(ttl.expired()).as("three of four within ten seconds").isEmpty();
    }

    @Test
    void clusters_that_fell_silent_one_after_the_other_are_over() {
        SignsOfLife ttl = new SignsOfLife(upTo(4), T0);
        ttl.seen(ids(2, 3, 4), at(11));
        ttl.seen(ids(3, 4), at(22));
        ttl.seen(ids(4), at(33));
        ttl.seen(ids(4), at(100));

        assertThat(ttl.expired()).isEqualTo(Set.of(id(1), id(2), id(3)));
    }

    @Test
    void whoever_begins_to_write_gives_everybody_one_full_lease() {
        SignsOfLife ttl = new SignsOfLife(upTo(4), at(1_000));
        ttl.seen(ids(2, 3, 4), at(1_059));
        assertThat(ttl.expired()).isEmpty();
        ttl.seen(ids(2, 3, 4), at(1_060));
        assertThat(ttl.expired()).isEqualTo(ids1());
    }

    /** linkerd/linkerd2#12499: ports followed never, or at a moment's gap. */
    @Test
    void type_and_ports_wait_for_whoever_left_and_everything_else_follows_at_once() {
        Import both = merged(List.of(id(1), id(2)), 80, "old");
        Settling first = Settling.next(Optional.empty(), both, SETTLE, T0);
        Import changed = merged(List.of(id(1), id(2)), 8080, "old");
        Settling second = Settling.next(Optional.of(first), changed, SETTLE, at(1));
        Import left = merged(List.of(id(2)), 9090, "new");
        Settling third = Settling.next(Optional.of(second), left, SETTLE, at(2));
        Settling fourth = Settling.next(Optional.of(third), left, SETTLE, at(31));
        Settling fifth = Settling.next(Optional.of(fourth), left, SETTLE, at(32));

        assertThat(port(second.shape(changed))).as("its own change").isEqualTo(8080);
        assertThat(port(third.shape(left))).isEqualTo(8080);
        assertThat(third.shape(left).labels()).isEqualTo(Map.of("tier", "new"));
        assertThat(third.shape(left).clusters()).containsExactly(id(2));
        assertThat(port(fourth.shape(left))).isEqualTo(8080);
        assertThat(port(fifth.shape(left))).isEqualTo(9090);
        assertThat(port(Settling.next(Optional.of(fourth), both, SETTLE, at(31)).shape(both)))
                .as("it came back")
                .isEqualTo(80);
    }

    @Test
    void an_older_export_that_comes_leads_at_once() {
        Settling second = Settling.next(Optional.empty(), merged(List.of(id(2)), 9090, "x"), SETTLE, T0);
        Import withOldest = merged(List.of(id(1), id(2)), 80, "x");

        assertThat(port(Settling.next(Optional.of(second), withOldest, SETTLE, at(1))
                        .shape(withOldest)))
                .isEqualTo(80);
    }

    private static int port(Import it) {
        return it.ports().getFirst().port();
    }

    private static Import merged(List<ClusterId> clusters, int port, String label) {
        return new Import(
                ClustersetName.of("shop", "cart"),
                McsExport.Type.CLUSTER_SET_IP,
                List.of(new McsExport.Port("http", Export.Protocol.TCP, port, "")),
                McsExport.Affinity.NONE,
                "",
                "",
                List.of(McsExport.IpFamily.IPV4),
                Map.of("tier", label),
                Map.of(),
                clusters,
                new TreeSet<>(),
                0);
    }

    private static Instant at(int second) {
        return T0.plusSeconds(second);
    }

    private static ClusterId id(int number) {
        return new ClusterId("c" + number);
    }

    private static Set<ClusterId> upTo(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(WriterTimesTest::id).collect(Collectors.toSet());
    }

    private static Set<ClusterId> ids(int... numbers) {
        return Arrays.stream(numbers).mapToObj(WriterTimesTest::id).collect(Collectors.toSet());
    }
}
