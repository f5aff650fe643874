package io.beringia.discovery.peering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RelayTarget.OnFailure;
import io.beringia.discovery.catalog.Writers;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.peering.proto.ExportedService;
import io.beringia.discovery.peering.proto.Family;
import io.beringia.discovery.peering.proto.GatewaySet;
import io.beringia.discovery.peering.proto.Resource;
import io.beringia.discovery.peering.proto.ServiceEndpoints;
import io.beringia.discovery.peering.proto.Text;
import io.beringia.trust.identity.SpiffeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PeerCodecTest {
    @Test
    void every_resource_comes_back_as_it_went_and_equal_ones_have_one_hash() {
        for (long seed = 0; seed < 500; seed++) {
            PeerResource value = random(new Random(seed));
            Resource encoded = PeerCodec.encode(value);

            assertThat(PeerCodec.decode(encoded)).as("seed %d", seed).isEqualTo(value);
            assertThat(PeerCodec.encode(PeerCodec.decode(encoded)))
                    .as("seed %d", seed)
                    .isEqualTo(encoded);
        }
    }

    @Test
    void different_values_have_different_hashes() {
        Set<Long> hashes = new HashSet<>();
        Set<PeerResource> values = new HashSet<>();
        for (long seed = 0; seed < 500; seed++) {
            PeerResource value = random(new Random(seed));
            values.add(value);
            hashes.add(PeerCodec.encode(value).getHash());
        }

        assertThat(hashes).hasSameSizeAs(values);
    }

    @Test
    void the_order_in_which_a_set_was_filled_does_not_show() {
        Export export = Sites.export(1, Sites.ECHO, 3);
        List<SpiffeId> reversed = new ArrayList<>(export.identities());
        Collections.reverse(reversed);
        Export same = new Export(
                export.service(),
                export.createdAt(),
                export.ports(),
                new LinkedHashSet<>(reversed),
                export.capacities().reversed());

        assertThat(encode(same)).isEqualTo(encode(export));
    }

    @Test
    void what_we_cannot_hold_is_refused_by_name() {
        Resource service = encode(Sites.export(1, Sites.ECHO, 3));
        refused(service.toBuilder().setName("service/demo/other"), "name: service/demo/other");
        refused(service.toBuilder().setCluster("Not A Label"), "cluster:");
        refused(service.toBuilder().clearKind(), "of no kind we know");
        ExportedService.Builder noPort = service.getService().toBuilder();
        noPort.getPortsBuilder(0).setPort(70_000);
        refused(service.toBuilder().setService(noPort), "port: 70000");
        ExportedService.Builder noProtocol = service.getService().toBuilder();
        noProtocol.getPortsBuilder(0).setProtocolValue(9);
        refused(service.toBuilder().setService(noProtocol), "protocol: 9");
        refused(
                service.toBuilder().setService(service.getService().toBuilder().setCreatedAt(Long.MAX_VALUE)),
                "created:");
        ExportedService.Builder noZone = service.getService().toBuilder();
        noZone.getCapacityBuilder(0).setZone("z/1");
        refused(service.toBuilder().setService(noZone), "zone: 3 characters");
        ExportedService.Builder lessThanNothing = service.getService().toBuilder();
        lessThanNothing.getCapacityBuilder(0).setReady(-1);
        refused(service.toBuilder().setService(lessThanNothing), "ready: -1");
        ExportedService.Builder noIdentity = service.getService().toBuilder().setIdentities(0, "https://x");
        refused(service.toBuilder().setService(noIdentity), "SPIFFE ID");
        Resource endpoints = PeerCodec.encode(Clusterset.endpoints(1, new Random(1)));
        ServiceEndpoints.Builder otherFamily =
                endpoints.getEndpoints().toBuilder().setFamily(Family.IPV6);
        refused(endpoints.toBuilder().setEndpoints(otherFamily), "addresses: 1");
        ServiceEndpoints.Builder noName = endpoints.getEndpoints().toBuilder();
        noName.getEndpointsBuilder(0).setHostname("a/b");
        refused(endpoints.toBuilder().setEndpoints(noName), "endpoint hostname: 3 characters");
        ExportedService.Builder twice = service.getService().toBuilder();
        twice.getClustersetBuilder()
                .addLabels(Text.newBuilder().setName("tier"))
                .addLabels(Text.newBuilder().setName("tier"));
        refused(service.toBuilder().setService(twice), "labels: 2");
        Resource gateway = PeerCodec.encode(new PeerResource.OfGateway(Sites.gateway(1, "gw-0")));
        GatewaySet.Builder twoNames = gateway.getGateways().toBuilder().addIdentities("spiffe://c1.example/x");
        refused(gateway.toBuilder().setGateways(twoNames), "identities: 2");
    }

    private static void refused(Resource.Builder resource, String because) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerCodec.decode(resource.build()))
                .withMessageContaining(because);
    }

    private static Resource encode(Export export) {
        return PeerCodec.encode(new PeerResource.OfService(Sites.id(1), export, Set.of(new Network("net1"))));
    }

    private static PeerResource random(Random random) {
        int number = 1 + random.nextInt(9);
        return switch (random.nextInt(5)) {
            case 2 -> Clusterset.endpoints(number, random);
            case 0 -> new PeerResource.OfGateway(Sites.gateway(number, "gw-" + random.nextInt(9)));
            case 1 ->
                new PeerResource.OfCluster(
                        Sites.id(number),
                        new RegionId("r" + random.nextInt(9)),
                        new Network("net" + random.nextInt(9)),
                        Set.of(Sites.domain(number)));
            default ->
                new PeerResource.OfService(
                        Sites.id(number),
                        new Export(
                                Sites.service("demo", "s" + random.nextInt(50)),
                                Sites.T0.plusSeconds(random.nextInt(1000)),
                                IntStream.range(0, random.nextInt(3))
                                        .mapToObj(i -> new Export.ExportedPort(
                                                "p" + i,
                                                random.nextBoolean() ? Export.Protocol.TCP : Export.Protocol.UDP,
                                                80 + i,
                                                random.nextInt(65_536)))
                                        .toList(),
                                Set.of(Sites.account(number, "demo", "a" + random.nextInt(9))),
                                List.of(new Export.Capacity(
                                        new Locality("r" + random.nextInt(3), "z" + random.nextInt(3), ""),
                                        random.nextInt(1000))),
                                random.nextBoolean() ? Optional.of(Clusterset.export(random)) : Optional.empty(),
                                List.of(),
                                new Export.Guard(
                                        "d" + random.nextInt(3),
                                        Set.of(Sites.account(number, "infra", "w" + random.nextInt(3)))),
                                random.nextBoolean() ? OnFailure.RESET : OnFailure.HOLD,
                                random.nextBoolean() ? Writers.MANY : Writers.SINGLE),
                        Set.of(new Network("net" + number)));
        };
    }
}
