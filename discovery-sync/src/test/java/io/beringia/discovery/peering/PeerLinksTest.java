package io.beringia.discovery.peering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Export;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real links: mutual TLS over loopback sockets, a federation at each end. */
final class PeerLinksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PeerWorld world = new PeerWorld();

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void an_export_arrives_changes_and_goes() {
        PeerWorld.Site east = world.member(1).peeredWith(2).start();
        PeerWorld.Site west = world.member(2).dialling(east).start();
        east.exports(Sites.export(1, Sites.ECHO, 3));
        west.exports();

        awaitReady(west, 4);
        assertThat(west.cluster(1).gateways()).containsExactly(Sites.gateway(1, "gw-0"));
        await().atMost(PATIENCE).until(() -> west.cluster(1).freshness() instanceof Freshness.Live);

        east.exports(Sites.export(1, Sites.ECHO, 0));
        awaitReady(west, 1);

        east.exports();
        await().atMost(PATIENCE).until(() -> west.ready(Sites.ECHO).isEmpty());
    }

    @Test
    void both_directions_ride_on_the_stream_of_the_one_that_can_dial() {
        PeerWorld.Site east = world.member(1).peeredWith(2).start();
        PeerWorld.Site west = world.member(2).dialling(east).start();
        east.exports();
        west.exports(Sites.export(2, Sites.ECHO, 6));

        awaitReady(east, 7);
    }

    @Test
    void a_lost_peer_keeps_what_it_exported_and_is_live_again_when_it_speaks() {
        PeerWorld.Site east = world.member(1).peeredWith(2).start();
        PeerWorld.Site west = world.member(2).dialling(east).start();
        east.exports(Sites.export(1, Sites.ECHO, 3));
        west.exports();
        awaitReady(west, 4);

        east.stop();
        await().atMost(PATIENCE).until(() -> west.status(1).link() == PeerStatus.Link.LOST);
        world.advance(PeerStatus.SUSPECT_AFTER);
        await().atMost(PATIENCE).until(() -> west.cluster(1).freshness() instanceof Freshness.Stale);
        awaitReady(west, 4);
        assertThat(west.heard().get(new RegionId("r1"))).isGreaterThanOrEqualTo(PeerStatus.SUSPECT_AFTER);

        PeerWorld.Site again = world.member(1).peeredWith(2).start(east.port());
        again.exports(Sites.export(1, Sites.ECHO, 5));
        world.advance(Duration.ofSeconds(30));
        awaitReady(west, 6);
        await().atMost(PATIENCE).until(() -> west.cluster(1).freshness() instanceof Freshness.Live);
    }

    @Test
    void what_a_peer_may_not_say_is_refused_with_its_reason_and_the_rest_applies() {
        PeerWorld.Site east = world.member(1).peeredWith(2).start();
        PeerWorld.Site west = world.member(2).dialling(east).start();
        west.exports();
        ServiceName shop = Sites.service("demo", "shop");
        Export good = Sites.export(1, Sites.ECHO, 3);
        Export stolen = new Export(
                shop, good.createdAt(), good.ports(), Set.of(Sites.account(2, "demo", "shop")), good.capacities());
        ClusterState state = Sites.state(1);
        GatewayAddress own = Sites.gateway(1, "gw-0");
        east.exports(ClusterExports.of(
                new ClusterState(
                        state.cluster(),
                        state.region(),
                        state.network(),
                        state.trustDomains(),
                        List.of(own, Sites.gateway(3, "gw-3"), in(own, new Network("net2"))),
                        state.status(),
                        state.freshness()),
                List.of(good, stolen)));

        awaitReady(west, 4);
        assertThat(west.ready(shop)).isEmpty();
        assertThat(west.cluster(1).gateways()).containsExactly(own);
        assertThat(west.refused())
                .containsExactlyInAnyOrder(
                        "c1 service/" + shop + " foreign-identity",
                        "c1 gateway/gw-3 speaks-for-another",
                        "c1 gateway/gw-9 unlisted-network");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(east.refusedByPeers()).contains("c2 service/" + shop + " foreign-identity"));
    }

    private static GatewayAddress in(GatewayAddress it, Network network) {
        return new GatewayAddress(
                it.cluster(), it.region(), network, "gw-9", it.address(), it.identity(), it.health(), it.weight());
    }

    @Test
    void a_caller_that_is_not_the_peer_is_refused() {
        PeerWorld.Site east = world.member(1).peeredWith(2).start();
        world.member(2).issuedFor("c3").dialling(east).start().exports();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(east.refused()).contains("c2 link foreign-cluster-mark"));
        assertThat(east.heard()).isEmpty();
    }

    @Test
    void an_answerer_that_is_not_the_peer_is_refused_before_its_first_frame() {
        PeerWorld.Site east = world.member(1).issuedFor("c3").peeredWith(2).start();
        east.exports(Sites.export(1, Sites.ECHO, 3));
        PeerWorld.Site west = world.member(2).dialling(east).start();
        west.exports();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(west.refused()).contains("c1 link foreign-cluster-mark"));
        assertThat(west.heard()).isEmpty();
        assertThat(west.ready(Sites.ECHO)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_peer_that_is_trusted_no_more_loses_its_link_whoever_dialled_and_what_it_exported_stays(int leaving) {
        PeerWorld.Site east = world.member(1).peeredWith(2).start();
        PeerWorld.Site west = world.member(2).dialling(east).start();
        PeerWorld.Site leaver = leaving == 1 ? east : west;
        PeerWorld.Site other = leaving == 1 ? west : east;
        leaver.exports(Sites.export(leaving, Sites.ECHO, 3));
        other.exports();
        awaitReady(other, 4);

        other.distrusts(leaving);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(other.links())
                        .containsExactly("linked c" + leaving, "unlinked c" + leaving + " unproved"));
        assertThat(other.refused()).contains("c" + leaving + " link unproved");
        leaver.exports(Sites.export(leaving, Sites.ECHO, 30));
        world.advance(PeerStatus.SUSPECT_AFTER);
        await().atMost(PATIENCE).until(() -> other.cluster(leaving).freshness() instanceof Freshness.Stale);
        awaitReady(other, 4);
    }

    @Test
    void a_stranger_is_refused() {
        PeerWorld.Site east = world.member(1).peeredWith(2).start();
        world.member(3).dialling(east).start().exports();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(east.refused()).contains("c3 link unknown-peer"));
    }

    @Test
    void a_witness_hears_everybody_is_heard_and_takes_the_probe_alone() {
        PeerWorld.Site east = world.member(1).peeredWith(2).start();
        PeerWorld.Site witness = world.witness(2).dialling(east).start();
        east.exports(Sites.export(1, Sites.ECHO, 3), Sites.export(1, Sites.PROBE, 1));
        witness.has(Set.of());

        await().atMost(PATIENCE).until(() -> !witness.ready(Sites.PROBE).isEmpty());
        assertThat(witness.ready(Sites.ECHO)).isEmpty();
        await().atMost(PATIENCE).until(() -> east.heard().containsKey(new RegionId("r2")));
        assertThat(witness.heard()).containsKey(new RegionId("r1"));
        assertThat(east.clusters()).isEmpty();
        assertThat(east.refused()).isEmpty();
    }

    @Test
    void another_replica_takes_over_when_the_one_that_was_asked_is_gone() {
        PeerWorld.Site first = world.member(1).peeredWith(2).start();
        PeerWorld.Site second = world.member(1).peeredWith(2).start();
        PeerWorld.Site west = world.member(2).dialling(first, second).start();
        first.exports(Sites.export(1, Sites.ECHO, 3));
        second.exports(Sites.export(1, Sites.ECHO, 3));
        west.exports();
        awaitReady(west, 4);

        first.stop();
        second.exports(Sites.export(1, Sites.ECHO, 8));

        awaitReady(west, 9);
        second.stop();
        await().atMost(PATIENCE).until(() -> west.status(1).link() == PeerStatus.Link.LOST);
        awaitReady(west, 9);
    }

    @Test
    void a_new_certificate_is_shown_by_a_new_link_before_the_old_one_ends() {
        PeerWorld.Site east = world.member(1).peeredWith(2).start();
        PeerWorld.Site west = world.member(2).dialling(east).start();
        east.exports(Sites.export(1, Sites.ECHO, 3));
        west.exports();
        awaitReady(west, 4);

        west.renews();

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(west.links()).containsExactly("linked c1", "linked c1", "unlinked c1 renewed"));
        east.exports(Sites.export(1, Sites.ECHO, 5));
        awaitReady(west, 6);
        assertThat(west.links()).as("once").hasSize(3);
    }

    @Test
    void who_comes_while_others_take_over_everything_comes_again() {
        PeerWorld.Site east = world.member(1).transfers(1).peeredWith(2, 3).start();
        PeerWorld.Site west = world.member(2).dialling(east).start();
        west.exports();
        await().atMost(PATIENCE).until(() -> west.links().equals(List.of("linked c1")));
        PeerWorld.Site north = world.member(3).dialling(east).start();
        north.exports();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Stream.of(west, north).flatMap(site -> site.links().stream()))
                        .contains("unlinked c1 bye: busy"));

        east.exports(Sites.export(1, Sites.ECHO, 3));

        awaitReady(west, 4);
        awaitReady(north, 4);
    }

    @Test
    void three_clusters_are_one() {
        PeerWorld.Site east = world.member(1).peeredWith(2, 3).start();
        PeerWorld.Site west = world.member(2).peeredWith(3).dialling(east).start();
        PeerWorld.Site north = world.member(3).dialling(east, west).start();
        List<PeerWorld.Site> all = List.of(east, west, north);
        east.exports(Sites.export(1, Sites.ECHO, 1));
        west.exports(Sites.export(2, Sites.ECHO, 2));
        north.exports(Sites.export(3, Sites.ECHO, 3));

        for (PeerWorld.Site site : all) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(site.ready(Sites.ECHO))
                            .as("what %s knows of others", site)
                            .isEqualTo(others(site.number())));
        }
    }

    private static Map<ClusterId, Long> others(int number) {
        return Stream.of(1, 2, 3).filter(it -> it != number).collect(Collectors.toMap(Sites::id, it -> it + 1L));
    }

    private static void awaitReady(PeerWorld.Site site, long ready) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(site.ready(Sites.ECHO).values())
                        .as("ready at the peer of %s", site)
                        .containsExactly(ready));
    }
}
