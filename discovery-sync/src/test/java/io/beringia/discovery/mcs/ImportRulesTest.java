package io.beringia.discovery.mcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.merge.ClustersetName;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.FederatedService;
import io.beringia.discovery.merge.McsExport;
import io.beringia.discovery.merge.McsExport.IpFamily;
import io.beringia.discovery.merge.McsExport.Port;
import io.beringia.discovery.merge.MergeRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Exports of many clusters to one import, against the sentences of KEP-1645 written down the long way. */
final class ImportRulesTest {
    private static final ServiceName CART = ClustersetName.of("shop", "cart");
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Set<IpFamily> BOTH = EnumSet.allOf(IpFamily.class);

    @Test
    void any_exports_in_any_order_give_what_the_reference_gives() {
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            List<FederatedService.Part> parts = new ArrayList<>(IntStream.rangeClosed(1, 1 + random.nextInt(4))
                    .mapToObj(i -> any(i, random))
                    .toList());
            Import merged = merged(parts, BOTH);
            Collections.shuffle(parts, random);

            assertThat(merged(parts, BOTH)).as("seed %d, another order", seed).isEqualTo(merged);
            Reference reference = new Reference(parts);
            assertThat(merged.ports()).as("seed %d, ports of %s", seed, parts).isEqualTo(reference.ports());
            assertThat(merged.conflicts())
                    .as("seed %d, conflicts of %s", seed, parts)
                    .isEqualTo(reference.conflicts());
            assertThat(merged.disagreeing()).as("seed %d", seed).isEqualTo(reference.disagreeing());
            assertThat(merged.leader())
                    .as("seed %d", seed)
                    .isEqualTo(reference.oldest().cluster());
            assertThat(merged.families()).as("seed %d", seed).isEqualTo(reference.families());
            McsExport oldest = reference.said(reference.oldest());
            assertThat(List.of(merged.type(), merged.affinity(), merged.internalTrafficPolicy(), merged.labels()))
                    .as("seed %d, of the oldest", seed)
                    .isEqualTo(
                            List.of(oldest.type(), oldest.affinity(), oldest.internalTrafficPolicy(), oldest.labels()));
        }
    }

    @Test
    void ports_that_are_no_service_together_are_made_one() {
        Import merged = merged(
                List.of(
                        part(1, 10, tcp("", 80)),
                        part(2, 20, tcp("http", 80), tcp("metrics", 9090)),
                        part(3, 30, new Port("dns", Export.Protocol.UDP, 80, ""), tcp("port-80", 7000))),
                BOTH);

        assertThat(merged.ports())
                .as("80/TCP once, under a name; a name that the unnamed one got is taken")
                .containsExactly(
                        tcp("port-80", 80), tcp("metrics", 9090), new Port("dns", Export.Protocol.UDP, 80, ""));
        assertThat(merged.conflicts()).containsExactly(ConflictReason.PORTS);
        assertThat(merged.disagreeing()).isEqualTo(2);
    }

    @Test
    void what_other_tools_own_things_by_is_not_copied() {
        McsExport said = said(tcp("http", 80))
                .with(
                        Map.of("tier", "web", "app.kubernetes.io/instance", "cart", "helm.sh/chart", "cart-1"),
                        Map.of("argocd.argoproj.io/tracking-id", "x", "note", "y"));

        Import merged = merged(List.of(part(1, 10, said)), BOTH);

        assertThat(merged.labels()).containsExactlyEntriesOf(Map.of("tier", "web"));
        assertThat(merged.annotations()).containsExactlyEntriesOf(Map.of("note", "y"));
    }

    @Test
    void families_are_those_that_everybody_has_in_the_order_of_the_oldest() {
        McsExport dual = withFamilies(IpFamily.IPV6, IpFamily.IPV4);
        McsExport single = withFamilies(IpFamily.IPV4);

        assertThat(merged(List.of(part(1, 10, dual)), BOTH).families()).containsExactly(IpFamily.IPV6, IpFamily.IPV4);
        assertThat(merged(List.of(part(1, 10, dual), part(2, 20, single)), BOTH).families())
                .containsExactly(IpFamily.IPV4);
        assertThat(merged(List.of(part(1, 10, single)), Set.of(IpFamily.IPV6)).families())
                .isEmpty();
    }

    @Test
    void an_export_that_may_not_leave_is_as_if_it_were_not_there() {
        FederatedService service = service(List.of(part(1, 10, tcp("a", 1)), part(2, 20, tcp("b", 2))));

        assertThat(ImportRules.of(service, cluster -> !cluster.equals(id(1)), BOTH)
                        .orElseThrow()
                        .ports())
                .containsExactly(tcp("b", 2));
        assertThat(ImportRules.of(service, cluster -> false, BOTH)).isEmpty();
    }

    /** The same by brute force: nothing of the code under test is used. */
    private record Reference(List<FederatedService.Part> parts) {
        FederatedService.Part oldest() {
            return byAge().getFirst();
        }

        private List<FederatedService.Part> byAge() {
            List<FederatedService.Part> sorted = new ArrayList<>(parts);
            sorted.sort((a, b) -> {
                long difference = a.export().createdAt().getEpochSecond()
                        - b.export().createdAt().getEpochSecond();
                return difference != 0
                        ? Long.signum(difference)
                        : a.cluster().name().compareTo(b.cluster().name());
            });
            return sorted;
        }

        McsExport said(FederatedService.Part part) {
            return part.export().mcs().orElseThrow();
        }

        List<Port> ports() {
            Map<String, Port> byName = new LinkedHashMap<>();
            for (FederatedService.Part part : byAge()) {
                for (Port port : said(part).ports()) {
                    boolean isSlotTaken = byName.values().stream()
                            .anyMatch(other -> other.port() == port.port() && other.protocol() == port.protocol());
                    if (!isSlotTaken) {
                        byName.putIfAbsent(port.name(), port);
                    }
                }
            }
            List<Port> ports = new ArrayList<>(byName.values());
            if (ports.size() > 1) {
                ports.replaceAll(port -> port.name().isEmpty()
                        ? new Port("port-" + port.port(), port.protocol(), port.port(), port.appProtocol())
                        : port);
            }
            return ports;
        }

        List<IpFamily> families() {
            List<IpFamily> common = new ArrayList<>(said(oldest()).families());
            parts.forEach(part -> common.retainAll(said(part).families()));
            return common;
        }

        Set<ConflictReason> conflicts() {
            Set<ConflictReason> reasons = new TreeSet<>();
            disagree(reasons, ConflictReason.TYPE, McsExport::type);
            disagree(reasons, ConflictReason.PORTS, it -> Set.copyOf(it.ports()));
            disagree(
                    reasons,
                    ConflictReason.SESSION_AFFINITY,
                    it -> it.affinity().isByClient());
            disagree(
                    reasons,
                    ConflictReason.SESSION_AFFINITY_CONFIG,
                    it -> it.affinity().seconds());
            disagree(reasons, ConflictReason.INTERNAL_TRAFFIC_POLICY, McsExport::internalTrafficPolicy);
            disagree(reasons, ConflictReason.TRAFFIC_DISTRIBUTION, McsExport::trafficDistribution);
            disagree(reasons, ConflictReason.LABELS, McsExport::labels);
            disagree(reasons, ConflictReason.ANNOTATIONS, McsExport::annotations);
            disagree(reasons, ConflictReason.IP_FAMILIES, it -> Set.copyOf(it.families()));
            return reasons;
        }

        private void disagree(Set<ConflictReason> into, ConflictReason reason, Function<McsExport, Object> property) {
            if (parts.stream().map(this::said).map(property).distinct().count() > 1) {
                into.add(reason);
            }
        }

        int disagreeing() {
            return (int) parts.stream()
                    .filter(part -> !Objects.equals(comparable(part), comparable(oldest())))
                    .count();
        }

        private List<Object> comparable(FederatedService.Part part) {
            McsExport it = said(part);
            return List.of(
                    it.type(),
                    Set.copyOf(it.ports()),
                    it.affinity(),
                    it.internalTrafficPolicy(),
                    it.trafficDistribution(),
                    Set.copyOf(it.families()),
                    it.labels(),
                    it.annotations());
        }
    }

    private static FederatedService.Part any(int number, Random random) {
        List<Port> ports = IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> new Port(
                        List.of("", "a", "b", "c").get(random.nextInt(4)),
                        random.nextBoolean() ? Export.Protocol.TCP : Export.Protocol.UDP,
                        80 + random.nextInt(3),
                        ""))
                .toList();
        List<List<IpFamily>> families = List.of(
                List.of(IpFamily.IPV4), List.of(IpFamily.IPV4, IpFamily.IPV6), List.of(IpFamily.IPV6, IpFamily.IPV4));
        McsExport said = new McsExport(
                random.nextInt(4) == 0 ? McsExport.Type.HEADLESS : McsExport.Type.CLUSTER_SET_IP,
                ports,
                new McsExport.Affinity(
                        random.nextInt(3) == 0, random.nextInt(3) == 0 ? OptionalInt.of(10) : OptionalInt.empty()),
                random.nextInt(3) == 0 ? "Local" : "Cluster",
                random.nextInt(3) == 0 ? "PreferClose" : "",
                families.get(random.nextInt(3)),
                random.nextInt(3) == 0 ? Map.of("tier", "web") : Map.of(),
                random.nextInt(3) == 0 ? Map.of("note", "x") : Map.of());
        return part(number, random.nextInt(3), said);
    }

    private static Import merged(List<FederatedService.Part> parts, Set<IpFamily> here) {
        return ImportRules.of(service(parts), cluster -> true, here).orElseThrow();
    }

    private static FederatedService service(List<FederatedService.Part> parts) {
        return MergeRules.merge(CART, parts).orElseThrow();
    }

    private static FederatedService.Part part(int number, int second, Port... ports) {
        return part(number, second, said(ports));
    }

    private static FederatedService.Part part(int number, int second, McsExport said) {
        return new FederatedService.Part(
                id(number),
                new Export(CART, T0.plusSeconds(second), List.of(), Set.of(), List.of(), Optional.of(said), List.of()));
    }

    private static McsExport said(Port... ports) {
        return new McsExport(
                McsExport.Type.CLUSTER_SET_IP,
                List.of(ports),
                McsExport.Affinity.NONE,
                "",
                "",
                List.of(IpFamily.IPV4),
                Map.of(),
                Map.of());
    }

    private static McsExport withFamilies(IpFamily... families) {
        McsExport it = said(tcp("http", 80));
        return new McsExport(it.type(), it.ports(), it.affinity(), "", "", List.of(families), Map.of(), Map.of());
    }

    private static Port tcp(String name, int port) {
        return new Port(name, Export.Protocol.TCP, port, "");
    }

    private static ClusterId id(int number) {
        return new ClusterId("c" + number);
    }
}
