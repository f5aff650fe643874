package io.beringia.discovery.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.peering.proto.Hello;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PeerAuthorityTest {
    private static final Set<String> NAMESPACES = Set.of("demo", "shop");
    private final PeerAuthority authority = Sites.authority(1);

    @ParameterizedTest(name = "{0} issued for {1}: {2}")
    @CsvSource({
        "spiffe://c1.example/ns/beringia-system/sa/discovery, c1,   ''",
        "spiffe://c1.example/ns/beringia-system/sa/discovery, c2,   foreign-cluster-mark",
        "spiffe://c1.example/ns/beringia-system/sa/discovery, none, foreign-cluster-mark",
        "spiffe://c1.example/ns/beringia-system/sa/gateway,   c1,   unexpected-identity",
        "spiffe://c1.example/ns/demo/sa/discovery,            c1,   unexpected-identity",
        "spiffe://c2.example/ns/beringia-system/sa/discovery, c1,   foreign-trust-domain",
        "spiffe://c2.example/ns/beringia-system/sa/discovery, c2,   foreign-trust-domain",
    })
    void only_the_peer_itself_may_open_a_link(String id, String mark, String reason) {
        assertThat(reason(authority.refusalOf(caller(id, mark)))).isEqualTo(reason);
    }

    @ParameterizedTest(name = "issued for {0}: {1}")
    @CsvSource({"c1, ''", "none, ''", "c2, foreign-cluster-mark"})
    void a_mark_that_need_not_be_there_must_still_be_right(String mark, String reason) {
        PeerConfig strict = Sites.peer(1, List.of());
        PeerConfig lenient = new PeerConfig(
                strict.cluster(),
                strict.region(),
                strict.trustDomain(),
                strict.identities(),
                strict.addresses(),
                strict.networks(),
                PeerConfig.ClusterMark.OPTIONAL);

        assertThat(reason(new PeerAuthority(lenient, "mesh", ProbeName.DEFAULT, PeerLimits.DEFAULT)
                        .refusalOf(caller("spiffe://c1.example/ns/beringia-system/sa/discovery", mark))))
                .isEqualTo(reason);
    }

    @ParameterizedTest(name = "{0} of {1}, protocols {2} to {3}: {4}")
    @CsvSource({
        "c1, mesh,  1, 1, ''",
        "c1, mesh,  1, 3, ''",
        "c1, mesh,  2, 3, unknown-protocol",
        "c1, mesh,  0, 0, unknown-protocol",
        "c1, other, 1, 1, other-clusterset",
        "c2, mesh,  1, 1, unknown-peer",
    })
    void a_hello_must_be_that_of_the_peer(String cluster, String clusterset, int min, int max, String reason) {
        Hello hello = Hello.newBuilder()
                .setClusterId(cluster)
                .setClusterset(clusterset)
                .setProtocolMin(min)
                .setProtocolMax(max)
                .build();

        assertThat(reason(authority.refusalOf(hello))).isEqualTo(reason);
    }

    @ParameterizedTest(name = "{0} answers for {1}: {2}")
    @CsvSource({
        "spiffe://c1.example/ns/demo/sa/web,                      demo/echo,                      ''",
        "spiffe://c1.example/ns/shop/sa/web,                      demo/echo,                      foreign-identity",
        "spiffe://c2.example/ns/demo/sa/web,                      demo/echo,                      foreign-identity",
        "spiffe://c1.example/demo,                                demo/echo,                      foreign-identity",
        "spiffe://c1.example/ns/ghost/sa/web,                     ghost/echo,                     not-asked-for",
        "spiffe://c1.example/ns/beringia-system/sa/beringia-probe, beringia-system/beringia-probe, ''",
        "spiffe://c1.example/ns/ghost/sa/beringia-probe,          ghost/beringia-probe,           not-asked-for",
    })
    void identities_lie_in_the_peers_trust_domain_and_the_services_namespace(
            String identity, String service, String reason) {
        ServiceName name =
                Sites.service(service.substring(0, service.indexOf('/')), service.substring(service.indexOf('/') + 1));
        Export good = Sites.export(1, name, 1);
        Export export = new Export(
                name,
                good.createdAt(),
                good.ports(),
                Stream.concat(good.identities().stream(), Stream.of(SpiffeId.parse(identity)))
                        .collect(Collectors.toSet()),
                good.capacities());

        assertThat(reason(authority.refusalOf(service(1, export, "net1"), NAMESPACES)))
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "spiffe://c1.example/ns/demo/sa/waypoint,  ''",
        "spiffe://c1.example/ns/infra/sa/waypoint, ''",
        "spiffe://c1.example/ns/other/sa/waypoint, foreign-identity",
        "spiffe://c2.example/ns/infra/sa/waypoint, foreign-identity",
    })
    void waypoints_lie_there_too_or_where_an_operator_allows_them(String identity, String reason) {
        PeerConfig strict = Sites.peer(1, List.of());
        PeerAuthority allowing = new PeerAuthority(
                new PeerConfig(
                        strict.cluster(),
                        strict.region(),
                        strict.trustDomain(),
                        strict.identities(),
                        strict.addresses(),
                        strict.networks(),
                        strict.mark(),
                        Set.of("infra"),
                        Set.of(),
                        Map.of()),
                "mesh",
                ProbeName.DEFAULT,
                PeerLimits.DEFAULT);
        Export good = Sites.export(1, Sites.ECHO, 1);
        Export export = new Export(
                good.service(),
                good.createdAt(),
                good.ports(),
                good.identities(),
                good.capacities(),
                good.mcs(),
                good.slices(),
                new Export.Guard("", Set.of(SpiffeId.parse(identity))));

        assertThat(reason(allowing.refusalOf(service(1, export, "net1"), NAMESPACES)))
                .isEqualTo(reason);
    }

    /** Its addresses go to our clients as they are. */
    @Test
    void endpoints_are_of_a_service_of_the_clusterset_in_a_network_of_the_peer() {
        PeerResource.OfEndpoints good = Clusterset.endpoints(1, Clusterset.ECHO, Clusterset.slice("echo-1", 1_000));

        assertThat(reason(authority.refusalOf(good, NAMESPACES))).isEmpty();
        assertThat(reason(authority.refusalOf(Clusterset.endpoints(2, Clusterset.ECHO, good.slice()), NAMESPACES)))
                .isEqualTo("speaks-for-another");
        assertThat(reason(authority.refusalOf(
                        new PeerResource.OfEndpoints(Sites.id(1), Clusterset.ECHO, new Network("net2"), good.slice()),
                        NAMESPACES)))
                .isEqualTo("unlisted-network");
        assertThat(reason(authority.refusalOf(Clusterset.endpoints(1, Sites.ECHO, good.slice()), NAMESPACES)))
                .as("a name of its cluster")
                .isEqualTo("foreign-hostname");
        assertThat(reason(authority.refusalOf(good, Set.of("shop")))).isEqualTo("not-asked-for");
        assertThat(reason(authority.refusalOf(
                        Clusterset.endpoints(1, Clusterset.ECHO, Clusterset.slice("echo-1", 1_001)), NAMESPACES)))
                .isEqualTo("too-many-slice-endpoints");
    }

    @Test
    void a_peer_speaks_only_for_itself_and_of_its_own_networks() {
        assertThat(reason(authority.refusalOf(service(2, Sites.export(1, Sites.ECHO, 1), "net1"), NAMESPACES)))
                .isEqualTo("speaks-for-another");
        assertThat(reason(authority.refusalOf(service(1, Sites.export(1, Sites.ECHO, 1), "net2"), NAMESPACES)))
                .isEqualTo("unlisted-network");
        assertThat(reason(authority.refusalOf(new PeerResource.OfGateway(Sites.gateway(2, "gw-0")), NAMESPACES)))
                .isEqualTo("speaks-for-another");
        assertThat(authority.refusalOf(new PeerResource.OfGateway(Sites.gateway(1, "gw-0")), NAMESPACES))
                .isEmpty();
    }

    @ParameterizedTest(name = "region {0}, network {1}, trust domain {2}: {3}")
    @CsvSource({
        "r1, net1, c1.example, ''",
        "r2, net1, c1.example, foreign-region",
        "r1, net2, c1.example, unlisted-network",
        "r1, net1, c2.example, unlisted-trust-domain",
    })
    void a_peer_is_where_its_operator_said(String region, String network, String domain, String reason) {
        assertThat(reason(authority.refusalOf(
                        new PeerResource.OfCluster(
                                Sites.id(1),
                                new RegionId(region),
                                new Network(network),
                                Set.of(new TrustDomain(domain))),
                        NAMESPACES)))
                .isEqualTo(reason);
    }

    @ParameterizedTest(name = "{0} in namespace demo: {1}")
    @CsvSource({
        "echo.demo.svc.cluster.local, ''",
        "echo.demo.svc.other.domain,  ''",
        "cart.shop.svc.cluster.local, foreign-hostname",
        "a.b.demo.svc.cluster.local,  foreign-hostname",
        ".demo.svc.cluster.local,     foreign-hostname",
        "echo.demo.svc,               foreign-hostname",
        "www.example.org,             foreign-hostname",
    })
    void a_hostname_is_of_the_services_namespace(String hostname, String reason) {
        Export good = Sites.export(1, Sites.ECHO, 1);
        Export named = new Export(
                new ServiceName("demo", hostname),
                good.createdAt(),
                good.ports(),
                good.identities(),
                good.capacities());

        assertThat(reason(authority.refusalOf(service(1, named, "net1"), NAMESPACES)))
                .isEqualTo(reason);
    }

    @ParameterizedTest(name = "{0} identities, {1} ports, twice {2} ready: {3}")
    @CsvSource({
        "512, 256, 50000,               ''",
        "513, 1,   1,                   too-many-identities",
        "1,   257, 1,                   too-many-ports",
        "1,   1,   50001,               too-many-endpoints",
        "1,   1,   9223372036854775807, too-many-endpoints",
    })
    void too_much_of_one_service_is_refused(int identities, int ports, long ready, String reason) {
        Export export = new Export(
                Sites.ECHO,
                Sites.T0,
                IntStream.range(0, ports)
                        .mapToObj(i -> new Export.ExportedPort("p" + i, Export.Protocol.TCP, 80 + i, 0))
                        .toList(),
                IntStream.range(0, identities)
                        .mapToObj(i -> Sites.account(1, "demo", "a" + i))
                        .collect(Collectors.toSet()),
                List.of(
                        new Export.Capacity(new Locality("r1", "z1", ""), ready),
                        new Export.Capacity(new Locality("r1", "z2", ""), ready)));

        assertThat(reason(authority.refusalOf(service(1, export, "net1"), NAMESPACES)))
                .isEqualTo(reason);
    }

    private static PeerResource service(int cluster, Export export, String network) {
        return new PeerResource.OfService(Sites.id(cluster), export, Set.of(new Network(network)));
    }

    private static PeerVerdict.Verified caller(String id, String mark) {
        return Sites.caller(SpiffeId.parse(id), mark.equals("none") ? Optional.empty() : Optional.of(mark));
    }

    private static String reason(Optional<? extends PeerRefusal> refusal) {
        return refusal.map(PeerRefusal::reason).orElse("");
    }
}
