package io.beringia.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessRulesTest {
    private static final AccessRules.Access ALLOWED = new AccessRules.Access.Allowed();
    private static final PeerIdentity WEST_GATEWAY = Mesh.peer(Mesh.gatewayIdentity("west"));
    private static final PeerIdentity CLIENT = Mesh.peer(Mesh.CLIENT);

    @ParameterizedTest
    @EnumSource
    void an_empty_catalog_allows_nobody_anything(ListenerRole role) {
        assertThat(AccessRules.judge(Mesh.EAST, role, Catalog.EMPTY, CLIENT, Mesh.request()))
                .isNotEqualTo(ALLOWED);
        assertThat(AccessRules.judge(Mesh.EAST, role, Catalog.EMPTY, WEST_GATEWAY, Mesh.vouched("west")))
                .isNotEqualTo(ALLOWED);
    }

    @Test
    void a_client_of_a_consumer_cluster_may_call_directly() {
        assertThat(terminated(federation().exportedTo(Set.of("west")), CLIENT, Mesh.request()))
                .isEqualTo(ALLOWED);
        assertThat(terminated(federation().exportedTo(Set.of("west")), from(Mesh.CLIENT, "west"), Mesh.request()))
                .isEqualTo(ALLOWED);
    }

    @Test
    void a_service_that_is_not_exported_is_unknown() {
        assertRefused(Refusal.UNKNOWN_SERVICE, terminated(federation(), CLIENT, Mesh.request()));
    }

    @Test
    void a_port_that_the_service_lacks_is_no_authority_of_ours() {
        ConnectRequest request =
                new ConnectRequest(new Authority(Mesh.CART.hostname(), 15_000), Optional.empty(), Carried.NOTHING);
        assertRefused(Refusal.BAD_AUTHORITY, terminated(federation().exportedTo(Set.of("west")), CLIENT, request));
        assertRefused(Refusal.BAD_AUTHORITY, relayed(federation().part("west", 1), CLIENT, request));
    }

    @Test
    void a_client_whose_issuer_is_no_consumer_is_refused() {
        assertRefused(
                Refusal.NOT_ALLOWED,
                terminated(federation().exportedTo(Set.of("west")), from(Mesh.CLIENT, "east"), Mesh.request()));
        assertRefused(Refusal.NOT_ALLOWED, terminated(federation().exportedTo(Set.of()), CLIENT, Mesh.request()));
    }

    @Test
    void a_client_of_a_foreign_trust_domain_is_refused() {
        SpiffeId foreign = SpiffeId.ofWorkload(new TrustDomain("else.where"), "web", "front");
        Mesh mesh = federation().exportedTo(Set.of("west"));
        assertRefused(Refusal.NOT_ALLOWED, terminated(mesh, Mesh.peer(foreign), Mesh.request()));
        assertRefused(Refusal.NOT_ALLOWED, terminated(mesh, WEST_GATEWAY, Mesh.vouched("west", foreign)));
    }

    /** A dot is a dot, and a prefix is another name. */
    @ParameterizedTest
    @ValueSource(strings = {"front", "fron", "front.", "frontx", "f.ont", "Front"})
    void clients_are_compared_as_whole_texts(String account) {
        SpiffeId client = SpiffeId.ofWorkload(Mesh.DOMAIN, "web", account);
        Mesh mesh =
                federation().exportedTo(Set.of("west"), SpiffeId.ofWorkload(Mesh.DOMAIN, "web", "f.o-nt"), Mesh.CLIENT);
        boolean named = account.equals("front");
        assertThat(terminated(mesh, Mesh.peer(client), Mesh.request()).equals(ALLOWED))
                .isEqualTo(named);
        assertThat(terminated(mesh, WEST_GATEWAY, Mesh.vouched("west", client)).equals(ALLOWED))
                .isEqualTo(named);
    }

    @Test
    void a_gateway_may_vouch_for_a_client_of_its_own_cluster() {
        Mesh mesh = federation().exportedTo(Set.of("west"), Mesh.CLIENT);
        assertThat(terminated(mesh, WEST_GATEWAY, Mesh.vouched("west"))).isEqualTo(ALLOWED);
        assertThat(terminated(mesh, from(WEST_GATEWAY.id(), "west"), Mesh.vouched("west")))
                .isEqualTo(ALLOWED);
    }

    @Test
    void a_gateway_never_speaks_for_another_cluster() {
        Mesh mesh = federation().exportedTo(Set.of("west", "north"));
        assertRefused(Refusal.NOT_ALLOWED, terminated(mesh, WEST_GATEWAY, Mesh.vouched("north")));
        assertRefused(Refusal.NOT_ALLOWED, terminated(mesh, from(WEST_GATEWAY.id(), "north"), Mesh.vouched("west")));
    }

    @Test
    void a_gateway_never_speaks_for_another_region_or_network() {
        Mesh mesh = federation()
                .clusterIn("west", "r-other", "n-west", RegionStatus.ACTIVE, Mesh.gateway("west", "gw", "10.2.0.1"))
                .exportedTo(Set.of("west"));
        Vouched said = Mesh.vouched("west").vouched().orElseThrow();
        Vouched lie = new Vouched(
                said.source(),
                said.originCluster(),
                said.originRegion(),
                new io.beringia.discovery.catalog.Network("n-else"),
                said.chosenRegion(),
                said.connectionId());
        assertRefused(
                Refusal.NOT_ALLOWED,
                terminated(
                        mesh,
                        WEST_GATEWAY,
                        new ConnectRequest(Mesh.request().authority(), Optional.of(lie), Carried.NOTHING)));
    }

    @Test
    void nobody_but_a_gateway_vouches_and_a_gateway_always_does() {
        Mesh mesh = federation().exportedTo(Set.of("west"));
        assertRefused(Refusal.NOT_ALLOWED, terminated(mesh, CLIENT, Mesh.vouched("west")));
        assertRefused(Refusal.NOT_ALLOWED, terminated(mesh, WEST_GATEWAY, Mesh.request()));
    }

    @Test
    void a_workload_of_the_own_network_may_be_relayed() {
        assertThat(relayed(federation().part("west", 1), CLIENT, Mesh.request()))
                .isEqualTo(ALLOWED);
        assertThat(relayed(federation().part("west", 1), from(Mesh.CLIENT, "east"), Mesh.request()))
                .isEqualTo(ALLOWED);
    }

    @Test
    void a_gateway_on_the_relay_listener_is_refused() {
        Mesh mesh = federation().part("west", 1);
        assertRefused(Refusal.NOT_ALLOWED, relayed(mesh, WEST_GATEWAY, Mesh.vouched("west")));
        assertRefused(Refusal.NOT_ALLOWED, relayed(mesh, WEST_GATEWAY, Mesh.request()));
        assertRefused(Refusal.NOT_ALLOWED, relayed(mesh, Mesh.peer(Mesh.gatewayIdentity("east")), Mesh.request()));
    }

    @Test
    void whoever_does_not_live_here_is_not_relayed() {
        Mesh mesh = federation().part("west", 1);
        assertRefused(
                Refusal.NOT_ALLOWED,
                relayed(mesh, Mesh.peer(SpiffeId.ofWorkload(Mesh.DOMAIN, "web", "stranger")), Mesh.request()));
        assertRefused(
                Refusal.NOT_ALLOWED,
                relayed(mesh, Mesh.peer(SpiffeId.parse("spiffe://cluster.local/web/front")), Mesh.request()));
        assertRefused(Refusal.NOT_ALLOWED, relayed(mesh, from(Mesh.CLIENT, "west"), Mesh.request()));
    }

    @Test
    void a_relay_target_may_name_its_clients() {
        Mesh mesh = federation().part("west", 1);
        assertThat(relayed(mesh.relayClients(Mesh.CLIENT), CLIENT, Mesh.request()))
                .isEqualTo(ALLOWED);
        assertRefused(
                Refusal.NOT_ALLOWED,
                relayed(mesh.relayClients(SpiffeId.ofWorkload(Mesh.DOMAIN, "web", "other")), CLIENT, Mesh.request()));
        assertRefused(Refusal.UNKNOWN_SERVICE, relayed(federation(), CLIENT, Mesh.request()));
    }

    private static Mesh federation() {
        return Mesh.ofEast()
                .cluster("west", RegionStatus.ACTIVE, Mesh.gateway("west", "gw", "10.2.0.1"))
                .cluster("north", RegionStatus.ACTIVE, Mesh.gateway("north", "gw", "10.3.0.1"));
    }

    private static PeerIdentity from(SpiffeId id, String cluster) {
        return new PeerIdentity(id, Optional.of(cluster));
    }

    private static AccessRules.Access terminated(Mesh mesh, PeerIdentity peer, ConnectRequest request) {
        return AccessRules.judge(Mesh.EAST, ListenerRole.HBONE, mesh.catalog(), peer, request);
    }

    private static AccessRules.Access relayed(Mesh mesh, PeerIdentity peer, ConnectRequest request) {
        return AccessRules.judge(Mesh.EAST, ListenerRole.RELAY, mesh.catalog(), peer, request);
    }

    private static void assertRefused(Refusal why, AccessRules.Access access) {
        assertThat(access)
                .isInstanceOfSatisfying(
                        AccessRules.Access.Denied.class,
                        denied -> assertThat(denied.why()).isEqualTo(why));
    }
}
