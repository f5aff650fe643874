package io.beringia.discovery.mcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.merge.McsExport.IpFamily;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses of the clusterset: given once, kept, and not given to another too soon. */
final class VipRulesTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final VipRules BOTH =
            new VipRules(Map.of(IpFamily.IPV4, McsConfig.DEFAULT_IPV4, IpFamily.IPV6, McsConfig.DEFAULT_IPV6));
    private static final List<IpFamily> DUAL = List.of(IpFamily.IPV6, IpFamily.IPV4);

    @Test
    void each_service_has_one_of_each_family_in_its_order_and_keeps_it() {
        SortedMap<ObjectName, VipRules.Claim> claims = new TreeMap<>();
        IntStream.range(0, 500).forEach(i -> claims.put(name(i), new VipRules.Claim(DUAL, List.of())));

        VipRules.Assignment first = BOTH.assign(claims, empty(), T0);
        Map<ObjectName, List<IpAddress>> published = first.ips();
        claims.replaceAll((name, claim) -> new VipRules.Claim(DUAL, published.getOrDefault(name, List.of())));

        assertThat(first.ips()).hasSize(500);
        assertThat(first.ips().values()).allSatisfy(ips -> {
            assertThat(ips).hasSize(2);
            assertThat(McsConfig.DEFAULT_IPV6.contains(ips.getFirst())).isTrue();
            assertThat(McsConfig.DEFAULT_IPV4.contains(ips.getLast())).isTrue();
        });
        assertThat(first.ips().values().stream().flatMap(List::stream)).doesNotHaveDuplicates();
        assertThat(BOTH.assign(claims, first.ledgers(), T0).ips())
                .as("the next round")
                .isEqualTo(first.ips());
        assertThat(BOTH.assign(claims, empty(), T0).ips())
                .as("after the ledgers were lost, by what imports say")
                .isEqualTo(first.ips());
    }

    @Test
    void what_an_import_says_stands_whatever_the_ledger_says() {
        ObjectName cart = name(1);
        List<IpAddress> published = List.of(IpAddress.parse("241.15.0.9"));
        Map<Integer, VipLedger> ledgers = empty();
        ledgers.computeIfPresent(
                VipLedger.partOf(cart), (part, ledger) -> ledger.with(cart, List.of(IpAddress.parse("241.0.0.1"))));

        VipRules.Assignment given =
                BOTH.assign(claims(cart, new VipRules.Claim(List.of(IpFamily.IPV4), published)), ledgers, T0);

        assertThat(given.ips()).containsExactlyEntriesOf(Map.of(cart, published));
    }

    @Test
    void an_address_of_two_imports_is_told_and_neither_is_moved() {
        IpAddress twice = IpAddress.parse("241.0.0.9");
        SortedMap<ObjectName, VipRules.Claim> claims = new TreeMap<>();
        claims.put(name(1), new VipRules.Claim(List.of(IpFamily.IPV4), List.of(twice)));
        claims.put(name(2), new VipRules.Claim(List.of(IpFamily.IPV4), List.of(twice)));

        VipRules.Assignment given = BOTH.assign(claims, empty(), T0);

        assertThat(given.duplicates()).containsExactly(twice);
        assertThat(given.ips().values()).containsOnly(List.of(twice));
    }

    @Test
    void an_address_rests_before_another_service_gets_it_and_the_same_one_gets_it_back() {
        VipRules tiny = new VipRules(Map.of(IpFamily.IPV4, VipRange.parse("241.0.0.0/24")));
        List<ObjectName> services = IntStream.range(0, 16)
                .mapToObj(i -> new ObjectName("shop", "s" + i))
                .toList();
        SortedMap<ObjectName, VipRules.Claim> claims = new TreeMap<>();
        services.forEach(service -> claims.put(service, new VipRules.Claim(List.of(IpFamily.IPV4), List.of())));
        VipRules.Assignment full = tiny.assign(claims, empty(), T0);
        int given = full.ips().size();
        ObjectName gone = full.ips().firstKey();

        SortedMap<ObjectName, VipRules.Claim> without = new TreeMap<>(claims);
        without.remove(gone);
        VipRules.Assignment resting = tiny.assign(without, full.ledgers(), T0);
        without.put(new ObjectName("shop", "late"), new VipRules.Claim(List.of(IpFamily.IPV4), List.of()));

        assertThat(given).as("of a part of 16, less those that nobody gets").isBetween(14, 16);
        assertThat(tiny.assign(without, resting.ledgers(), T0.plusSeconds(599)).full())
                .contains(new ObjectName("shop", "late"));
        assertThat(tiny.assign(without, resting.ledgers(), T0.plusSeconds(600)).ips())
                .containsEntry(new ObjectName("shop", "late"), full.ips().get(gone));
        assertThat(tiny.assign(claims, resting.ledgers(), T0.plusSeconds(599))
                        .ips()
                        .get(gone))
                .as("back within the rest")
                .isEqualTo(full.ips().get(gone));
    }

    /** Each stores a part only in the version that it read, as the API makes sure. */
    @Test
    void two_writers_never_give_one_address_twice() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Map<Integer, VipLedger> stored = empty();
            Map<ObjectName, List<IpAddress>> published = new HashMap<>();
            for (int step = 0; step < 30; step++) {
                Map<Integer, VipLedger> read = Map.copyOf(stored);
                VipRules.Assignment one = BOTH.assign(random(random), read, T0);
                VipRules.Assignment other = BOTH.assign(random(random), read, T0);
                for (VipRules.Assignment writer : List.of(one, other)) {
                    publish(writer, read, stored, published);
                }
            }
            Set<IpAddress> seen = new HashSet<>();
            published.forEach((service, ips) ->
                    ips.forEach(ip -> assertThat(seen.add(ip)).as("%s", ip).isTrue()));
        }
    }

    private static void publish(
            VipRules.Assignment writer,
            Map<Integer, VipLedger> read,
            Map<Integer, VipLedger> stored,
            Map<ObjectName, List<IpAddress>> published) {
        writer.ledgers().forEach((part, ledger) -> {
            if (Objects.equals(stored.get(part), read.get(part))) {
                stored.put(part, ledger);
                writer.ips().forEach((service, ips) -> {
                    if (VipLedger.partOf(service) == part) {
                        published.merge(service, ips, (before, now) -> {
                            assertThat(now).as("address of %s", service).isEqualTo(before);
                            return now;
                        });
                    }
                });
            }
        });
    }

    /** Services come and stay: what goes rests, so it could not be given twice either. */
    private static SortedMap<ObjectName, VipRules.Claim> random(Random random) {
        return random.ints(1 + random.nextInt(6), 0, 40)
                .boxed()
                .collect(Collectors.toMap(
                        VipRulesTest::name,
                        i -> new VipRules.Claim(List.of(IpFamily.IPV4), List.of()),
                        (a, b) -> a,
                        TreeMap::new));
    }

    @Test
    void a_ledger_is_read_as_it_was_written() {
        VipLedger ledger = new VipLedger(3, new TreeMap<>())
                .with(name(1), List.of(IpAddress.parse("241.3.0.1"), IpAddress.parse("fd00:6265:7269::7")))
                .with(name(2), List.of(IpAddress.parse("241.3.0.2")))
                .released(name(2), T0);

        assertThat(VipLedger.parse(3, ledger.data())).isEqualTo(ledger);
        assertThat(ledger.data()).containsEntry("n2.s2", "241.3.0.2 released 1767225600");
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({"nodot, 241.0.0.1", "a.b, 241.0.0", "a.b, 241.0.0.1 released", "a.b, 241.0.0.1 released soon", "a.b, ''"
    })
    void what_is_no_ledger_is_refused(String key, String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> VipLedger.parse(0, Map.of(key, value)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "240.240.8.0/24,  from which Istio allocates",
        "240.0.0.0/8,     from which Istio allocates",
        "2001:2::/64,     from which Istio allocates",
        "241.0.0.1/12,    expected: 241.0.0.0/12",
        "241.0.0.0/25,    a prefix of 1 to 24",
        "241.0.0.0,       such as 241.0.0.0/12",
        "241.0.0/12,      dotted IPv4",
    })
    void a_range_that_cannot_be_one_is_refused(String text, String because) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VipRange.parse(text))
                .withMessageContaining(because);
    }

    private static ObjectName name(int number) {
        return new ObjectName("n" + number % 7, "s" + number);
    }

    private static SortedMap<ObjectName, VipRules.Claim> claims(ObjectName name, VipRules.Claim claim) {
        return new TreeMap<>(Map.of(name, claim));
    }

    private static Map<Integer, VipLedger> empty() {
        Map<Integer, VipLedger> ledgers = new HashMap<>();
        IntStream.range(0, VipRange.PARTS).forEach(part -> ledgers.put(part, new VipLedger(part, new TreeMap<>())));
        return ledgers;
    }
}
