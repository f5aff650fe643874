package io.beringia.cli;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.YamlFields;
import io.beringia.failover.FailoverConfig;
import io.beringia.failover.FailoverConfig.Failback;
import io.beringia.failover.FailoverConfig.Mode;
import io.beringia.failover.FailoverConfig.PolicySkew;
import io.beringia.failover.FailoverConfig.Replica;
import io.beringia.failover.FailoverConfig.Servers;
import io.beringia.failover.FailoverConfig.Site;
import io.beringia.failover.console.ConsoleConfig;
import io.beringia.failover.zookeeper.ZooKeeperConfig;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.ledger.RoleLedger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the role {@code failover}.
 *
 * @param site where this process runs
 * @param cluster of this process
 * @param zookeeper of this process, if it plays that role too; it is used where nothing else is named
 * @param directory at which relative paths start
 */
record FailoverYaml(
        RegionId site, ClusterId cluster, Optional<ZooKeeperConfig> zookeeper, LedgerYaml ledgers, Path directory) {
    private static final SpiffeId NO_IDENTITY = SpiffeId.parse("spiffe://none/none");
    private static final SocketAddress NO_ADDRESS = SocketAddress.parse("0.0.0.0:1");
    private static final SocketAddress DEFAULT_API =
            SocketAddress.parse("127.0.0.1:" + FailoverConfig.DEFAULT_API_PORT);
    private static final SocketAddress DEFAULT_CONSOLE = SocketAddress.parse("127.0.0.1:" + ConsoleConfig.DEFAULT_PORT);

    /** Every key is read before anything is refused: one that was not asked for yet would be called unknown. */
    FailoverConfig read(YamlFields fields) {
        String mesh = fields.required("mesh", "none", text -> text);
        Map<RegionId, Declared> sites = fields.mapOf("sites", RegionId::new, FailoverYaml::declared);
        Optional<Servers> external = fields.maybeOf("zookeeper", FailoverYaml::external);
        Mode mode = fields.optional("mode", Mode.DRY_RUN, Mode::parse);
        Failback failback = fields.optional("failback", Failback.AUTO, Failback::parse);
        int timing = fields.optional("timing", 1, RegionConfigFile::number);
        Duration slo = fields.optional("slo", FailoverConfig.DEFAULT_SLO, FailoverYaml::slo);
        PolicySkew policySkew = fields.optional("policy-skew", PolicySkew.WARN, PolicySkew::parse);
        Set<SpiffeId> operators = Set.copyOf(fields.list("operators", SpiffeId::parse));
        Set<SpiffeId> leaders = Set.copyOf(fields.list("leaders", SpiffeId::parse));
        SocketAddress api = fields.optional("operator-api", DEFAULT_API, SocketAddress::parse);
        Optional<RoleLedger> ledger = fields.maybeOf("ledger", ledgers::read);
        Optional<ConsoleConfig> console = fields.maybeOf("console", this::console);
        return new FailoverConfig(
                mesh,
                site,
                cluster,
                named(sites),
                servers(external),
                mode,
                failback,
                timing,
                slo,
                policySkew,
                operators,
                leaders,
                api,
                ledger,
                console);
    }

    private ConsoleConfig console(YamlFields fields) {
        return new ConsoleConfig(
                fields.optional("listen", DEFAULT_CONSOLE, SocketAddress::parse),
                Set.copyOf(fields.list("readers", SpiffeId::parse)),
                fields.maybe("drill", directory::resolve));
    }

    /** Seconds are coarse here: "200ms" beside what every other duration may be. */
    private static Duration slo(String text) {
        return text.matches("\\d{1,5}ms")
                ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - "ms".length())))
                : YamlFields.duration(text);
    }

    private static List<Site> named(Map<RegionId, Declared> sites) {
        return sites.entrySet().stream()
                .map(one -> new Site(
                        one.getKey(), one.getValue().isWitness(), one.getValue().discovery()))
                .toList();
    }

    /** A site without its name. */
    private record Declared(boolean isWitness, List<Replica> discovery) {}

    private static Declared declared(YamlFields fields) {
        return new Declared(
                fields.optional("witness", false, RegionConfigFile::flag),
                fields.listOf("discovery", FailoverYaml::replica));
    }

    private static Replica replica(YamlFields fields) {
        return new Replica(
                fields.required("address", NO_ADDRESS, SocketAddress::parse),
                fields.required("id", NO_IDENTITY, SpiffeId::parse));
    }

    private Servers servers(Optional<Servers> external) {
        return external.or(() -> zookeeper.map(own -> Servers.of(own.listen().toString(), List.of())))
                .orElseThrow(() -> new IllegalArgumentException(
                        "zookeeper: missing (expected: zookeeper.connect, or the role zookeeper in this process)"));
    }

    private static Servers external(YamlFields fields) {
        String connect = fields.required("connect", "127.0.0.1:1", text -> text);
        List<RegionId> sites = fields.list("sites", RegionId::new);
        Optional<Duration> session =
                fields.optional("session", Optional.empty(), text -> Optional.of(YamlFields.duration(text)));
        Servers standard = Servers.of(connect, sites);
        return new Servers(connect, standard.sites(), session.orElse(standard.session()));
    }
}
