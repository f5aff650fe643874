package io.beringia.discovery.peering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.merge.ClustersetName;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.discovery.merge.McsExport.IpFamily;
import io.beringia.discovery.peering.proto.Resource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much of one peer is held. */
final class HeldPartTest {
    private static final int SLICE_BYTES = 100;

    private final HeldPart held = new HeldPart();

    @Test
    void at_a_limit_one_more_is_refused_what_is_there_may_change_and_what_goes_makes_room() {
        PeerLimits limits = new PeerLimits(1_000, 2, 9, 9, 9, 2, 9, 5, 2, 100_000);
        for (int i = 1; i <= 2; i++) {
            put(service("a" + i), limits);
            put(gateway("gw-" + i), limits);
            put(slice("s" + i, i), limits);
        }

        assertThat(reason(service("a3"), limits)).contains("too-many-services");
        assertThat(reason(gateway("gw-3"), limits)).contains("too-many-gateways");
        assertThat(reason(slice("s3", 1), limits)).contains("too-many-slices");
        assertThat(reason(service("a2"), limits)).as("it is there").isEmpty();
        assertThat(reason(slice("s2", 4), limits)).as("1 and 4").isEmpty();
        assertThat(reason(slice("s2", 5), limits)).as("1 and 5").contains("too-many-endpoints-of-peer");

        held.remove(service("a1").name());
        held.remove(gateway("gw-1").name());
        held.remove(slice("s1", 1).name());
        assertThat(reason(service("a3"), limits)).isEmpty();
        assertThat(reason(gateway("gw-3"), limits)).isEmpty();
        assertThat(reason(slice("s3", 3), limits)).as("2 and 3").isEmpty();
    }

    @Test
    void all_of_it_has_a_size_and_what_is_replaced_leaves_its_own() {
        PeerLimits limits = new PeerLimits(150, 9, 9, 9, 9, 9, 9, 9, 9, 250);
        put(slice("s1", 1), limits);
        put(slice("s2", 1), limits);

        assertThat(reason(slice("s3", 1), limits)).contains("too-many-bytes");
        assertThat(held.tooMuch(slice("s2", 2), 150, limits)).isEmpty();
        assertThat(held.tooMuch(slice("s2", 2), 151, limits)).isPresent();
        held.clear();
        assertThat(reason(slice("s3", 1), limits)).isEmpty();
    }

    @Test
    void what_it_makes_of_what_was_said_does_not_depend_on_what_was_made_before() {
        PeerResource cluster = PeerResource.of(Sites.part(1)).getFirst();
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            HeldPart stepwise = new HeldPart();
            Map<String, PeerResource> said = new TreeMap<>();
            for (int step = 0; step < 60; step++) {
                PeerResource value = any(cluster, random);
                if (random.nextInt(3) == 0) {
                    stepwise.remove(value.name());
                    said.remove(value.name());
                } else {
                    stepwise.put(1, value, SLICE_BYTES);
                    said.put(value.name(), value);
                }
                if (random.nextInt(3) == 0) {
                    HeldPart atOnce = new HeldPart();
                    said.values().forEach(it -> atOnce.put(1, it, SLICE_BYTES));
                    assertThat(stepwise.part(new Freshness.Live()))
                            .as("seed %d, step %d", seed, step)
                            .isEqualTo(atOnce.part(new Freshness.Live()));
                }
            }
        }
    }

    private static PeerResource any(PeerResource cluster, Random random) {
        int number = 1 + random.nextInt(2);
        return switch (random.nextInt(10)) {
            case 0 -> cluster;
            case 1 -> gateway("gw-" + number);
            case 2, 3 ->
                new PeerResource.OfService(
                        Sites.id(1), Clusterset.export(number).with(List.of()), Set.of(new Network("net1")));
            case 4, 5, 6 -> slice("s" + number, random.nextInt(3));
            default -> service("a" + number);
        };
    }

    /** What an earlier life held counts as if it had been said now. */
    @Test
    void what_is_restored_is_counted() {
        held.restore(Sites.part(1, Sites.export(1, Sites.ECHO, 1)));
        Resource more = PeerCodec.encode(service("more"));

        assertThat(held.tooMuch(
                        service("more"), more.getSerializedSize(), new PeerLimits(1, 1, 9, 9, 9, 9, 9, 9, 9, 9_999)))
                .map(PeerRefusal.OfResource::reason)
                .contains("too-many-services");
        assertThat(held.tooMuch(service("more"), 1, new PeerLimits(1, 9, 9, 9, 9, 9, 9, 9, 9, 1)))
                .map(PeerRefusal.OfResource::reason)
                .contains("too-many-bytes");
    }

    @Test
    void a_limit_of_nothing_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PeerLimits(1, 1, 1, 1, 1, 1, 1, 1, 0, 1))
                .withMessageContaining("0 gateways");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PeerLimits(2, 1, 1, 1, 1, 1, 1, 1, 1, 1))
                .withMessageContaining("1 bytes in all");
    }

    private void put(PeerResource value, PeerLimits limits) {
        assertThat(reason(value, limits)).as("%s", value.name()).isEmpty();
        held.put(1, value, SLICE_BYTES);
    }

    private Optional<String> reason(PeerResource value, PeerLimits limits) {
        return held.tooMuch(value, SLICE_BYTES, limits).map(PeerRefusal.OfResource::reason);
    }

    private static PeerResource service(String name) {
        return new PeerResource.OfService(
                Sites.id(1), Sites.export(1, Sites.service("demo", name), 1), Set.of(new Network("net1")));
    }

    private static PeerResource gateway(String name) {
        return new PeerResource.OfGateway(Sites.gateway(1, name));
    }

    private static PeerResource slice(String name, int endpoints) {
        return new PeerResource.OfEndpoints(
                Sites.id(1),
                ClustersetName.of("demo", "echo"),
                new Network("net1"),
                new ExportedSlice(
                        name,
                        IpFamily.IPV4,
                        List.of(),
                        IntStream.range(0, endpoints)
                                .mapToObj(i -> new ExportedSlice.Endpoint(
                                        List.of(IpAddress.parse("10.0.0." + i)), "", "", true, true, false))
                                .toList()));
    }
}
