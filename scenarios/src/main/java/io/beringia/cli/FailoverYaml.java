package io.beringia.cli;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.YamlFields;
import io.beringia.failover.FailoverConfig;
import io.beringia.failover.FailoverConfig.Failback;
import io.beringia.failover.FailoverConfig.Mode;
import io.beringia.failover.FailoverConfig.Replica;
import io.beringia.failover.FailoverConfig.Servers;
import io.beringia.failover.FailoverConfig.Site;
import io.beringia.failover.zookeeper.ZooKeeperConfig;
import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the role {@code failover}.
 *
 * @param site where this process runs
 * @param zookeeper of this process, if it plays that role too; it is used where nothing else is named
 */
record FailoverYaml(RegionId site, Optional<ZooKeeperConfig> zookeeper) {
    private static final SpiffeId NO_IDENTITY = SpiffeId.parse("spiffe://none/none");
    private static final SocketAddress NO_ADDRESS = SocketAddress.parse("0.0.0.0:1");
    private static final SocketAddress DEFAULT_API =
            SocketAddress.parse("127.0.0.1:" + FailoverConfig.DEFAULT_API_PORT);

    FailoverConfig read(YamlFields fields) {
        return new FailoverConfig(
                fields.required("mesh", "none", text -> text),
                site,
                fields.mapOf("sites", RegionId::new, FailoverYaml::declared).entrySet().stream()
                        .map(one -> new Site(
                                one.getKey(),
                                one.getValue().isWitness(),
                                one.getValue().discovery()))
                        .toList(),
                servers(fields),
                fields.optional("mode", Mode.DRY_RUN, Mode::parse),
                fields.optional("failback", Failback.AUTO, Failback::parse),
                fields.optional("timing", 1, RegionConfigFile::number),
                Set.copyOf(fields.list("operators", SpiffeId::parse)),
                Set.copyOf(fields.list("leaders", SpiffeId::parse)),
                fields.optional("operator-api", DEFAULT_API, SocketAddress::parse));
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

    private Servers servers(YamlFields fields) {
        return fields.maybeOf("zookeeper", FailoverYaml::external)
                .or(() -> zookeeper.map(own -> Servers.of(own.listen().toString(), List.of())))
                .orElseThrow(() -> new IllegalArgumentException(
                        "zookeeper: missing (expected: zookeeper.connect, or the role zookeeper in this process)"));
    }

    private static Servers external(YamlFields fields) {
        String connect = fields.required("connect", "127.0.0.1:1", text -> text);
        Servers standard = Servers.of(connect, fields.list("sites", RegionId::new));
        return new Servers(
                connect, standard.sites(), fields.optional("session", standard.session(), RegionConfigFile::duration));
    }
}
