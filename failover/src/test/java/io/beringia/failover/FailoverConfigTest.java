package io.beringia.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.failover.FailoverConfig.Failback;
import io.beringia.failover.FailoverConfig.Mode;
import io.beringia.failover.FailoverConfig.PolicySkew;
import io.beringia.failover.FailoverConfig.Replica;
import io.beringia.failover.FailoverConfig.Servers;
import io.beringia.failover.FailoverConfig.Site;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FailoverConfigTest {
    private static final SpiffeId ID = SpiffeId.parse("spiffe://cluster.local/ns/b/sa/failover");
    private static final String AFAR = "10.0.0.1:2181,10.0.1.1:2181,10.0.2.1:2181";

    @ParameterizedTest
    @CsvSource({
        "127.0.0.9:2181, '', 127.0.1.1, AUTO, true",
        "127.0.0.9:2181, '', 10.0.0.1, DRY_RUN, true",
        "127.0.0.9:2181, '', 10.0.0.1, AUTO, false",
        "'10.0.0.1:2181,10.0.1.1:2181,10.0.2.1:2181', 'a,b,c', 10.0.0.1, AUTO, true",
        "'10.0.0.1:2181,10.0.1.1:2181,10.0.2.1:2181', 'a,a,b', 10.0.0.1, AUTO, false",
        "'10.0.0.1:2181,10.0.1.1:2181,10.0.2.1:2181', 'a,b', 10.0.0.1, AUTO, false",
        "'10.0.0.1:2181,10.0.1.1:2181,10.0.2.1:2181', '', 10.0.0.1, AUTO, false",
        "'10.0.0.1:2181,10.0.1.1:2181,10.0.2.1:2181', '', 10.0.0.1, DRY_RUN, true",
        "zk.example:2181, '', 127.0.0.1, AUTO, false",
    })
    void auto_needs_an_ensemble_that_outlives_any_site_or_one_computer_for_everything(
            String connect, String sites, String discovery, Mode mode, boolean isAllowed) {
        Servers servers = Servers.of(connect, names(sites));
        if (isAllowed) {
            assertThat(config(servers, mode, discovery).mode()).isEqualTo(mode);
        } else {
            assertThatThrownBy(() -> config(servers, mode, discovery)).hasMessageStartingWith("mode: auto ");
        }
    }

    @Test
    void what_is_said_of_skewed_policies_is_what_the_leader_does() {
        FailoverConfig config = config(Servers.of("127.0.0.1:2181", List.of()), Mode.DRY_RUN, "127.0.0.1");
        assertThat(config.policy().skew()).isEqualTo(FailoverPolicy.Skew.BLOCK);
        assertThatThrownBy(() -> PolicySkew.parse("refuse")).hasMessage("\"refuse\" (expected: warn or block)");
    }

    @Test
    void everything_that_is_wrong_is_told_at_once() {
        assertThatThrownBy(() -> new FailoverConfig(
                        "Demo",
                        new RegionId("elsewhere"),
                        new ClusterId("east-1"),
                        List.of(site("east", "127.0.0.1"), site("east", "127.0.0.1")),
                        Servers.of("127.0.0.1:2181", List.of()),
                        Mode.AUTO,
                        Failback.AUTO,
                        1,
                        Duration.ofSeconds(17),
                        PolicySkew.WARN,
                        Set.of(),
                        Set.of(),
                        SocketAddress.parse("127.0.0.1:15036"),
                        Optional.empty(),
                        Optional.empty()))
                .hasMessage(
                        "mesh: \"Demo\" (expected: an RFC 1123 label); sites: without elsewhere (expected: the site of"
                                + " this process among them); sites: one twice (expected: each once); leaders: none (expected:"
                                + " the identity of every candidate); slo: PT17S (expected: above 0, at most PT16S)");
        assertThatThrownBy(() -> new Site(new RegionId("east"), false, List.of()))
                .hasMessage("site east: no discovery (expected: at least one replica to follow)");
        assertThatThrownBy(() -> Servers.of("somewhere", List.of()))
                .hasMessage("zookeeper.connect: \"somewhere\" (expected: host:port,host:port)");
        assertThatThrownBy(() -> new Servers(AFAR, List.of(), Duration.ofMinutes(1)))
                .hasMessage("zookeeper.session: PT1M (expected: PT1S to PT40S)");
    }

    @Test
    void a_lab_says_what_it_lacks() {
        assertThat(config(Servers.of("127.0.0.9:2181", List.of()), Mode.DRY_RUN, "127.0.0.1")
                        .notes())
                .containsExactly(
                        "single machine: no ensemble quorum",
                        "fewer than two sites outside of each region: nothing is evacuated by itself",
                        "dry run: decides and applies nothing",
                        "timing divided by 60: for labs only",
                        "no ledger: nobody can prove later what was decided");
    }

    private static FailoverConfig config(Servers servers, Mode mode, String discovery) {
        return new FailoverConfig(
                "demo",
                new RegionId("east"),
                new ClusterId("east-1"),
                List.of(site("east", discovery), site("west", discovery)),
                servers,
                mode,
                Failback.AUTO,
                60,
                FailoverConfig.DEFAULT_SLO,
                PolicySkew.BLOCK,
                Set.of(),
                Set.of(ID),
                SocketAddress.parse("127.0.0.1:15036"),
                Optional.empty(),
                Optional.empty());
    }

    private static Site site(String name, String discovery) {
        return new Site(new RegionId(name), false, List.of(new Replica(SocketAddress.parse(discovery + ":15035"), ID)));
    }

    private static List<RegionId> names(String text) {
        return Stream.of(text.split(",", -1))
                .filter(name -> !name.isEmpty())
                .map(RegionId::new)
                .toList();
    }
}
