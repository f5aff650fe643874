package io.beringia.cli;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.failover.FailoverConfig;
import io.beringia.failover.zookeeper.ZooKeeperConfig;
import io.beringia.gateway.GatewayConfig;
import io.beringia.gateway.host.HostConfig;
import io.beringia.trust.TrustConfig;
import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.RemoteSource;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one process of a region is told at its start: who it belongs to, and which roles it plays. Inert.
 *
 * @param admin where readiness and metrics are shown
 * @param hosts several workloads may share one process
 */
public record RegionConfig(
        RegionId region,
        ClusterId cluster,
        Network network,
        SocketAddress admin,
        Optional<TrustConfig> trust,
        Optional<Role<GatewayConfig>> gateway,
        List<Role<HostConfig>> hosts,
        Optional<ZooKeeperConfig> zookeeper,
        Optional<Identified<FailoverConfig>> failover) {
    public RegionConfig {
        hosts = List.copyOf(hosts);
        if (trust.isEmpty() && gateway.isEmpty() && hosts.isEmpty() && zookeeper.isEmpty() && failover.isEmpty()) {
            throw new IllegalArgumentException(
                    "roles: none (expected: one of trust, gateway, host, zookeeper, failover)");
        }
        Map<String, SocketAddress> addresses = addresses(admin, gateway, hosts);
        zookeeper.ifPresent(config -> addresses.put("zookeeper.listen", config.listen()));
        failover.ifPresent(
                role -> addresses.put("failover.operator-api", role.config().operatorApi()));
        refuseClashes(addresses);
    }

    /** A role, and where its identity and its catalog come from. */
    public record Role<C>(C config, IdentityFrom identity, CatalogFrom catalog) {}

    /** A role that needs no catalog, and where its identity comes from. */
    public record Identified<C>(C config, IdentityFrom identity) {}

    /** Where an SVID and the accepted roots come from. */
    public sealed interface IdentityFrom {
        /** PEM files, followed for changes. */
        record Files(CredentialFiles files) implements IdentityFrom {}

        /** An issuance server, asked for each certificate. */
        record Trust(RemoteSource source) implements IdentityFrom {}
    }

    /** Where the catalog comes from. */
    public sealed interface CatalogFrom {
        /** A YAML file, followed for changes. */
        record File(Path path) implements CatalogFrom {}
    }

    private static Map<String, SocketAddress> addresses(
            SocketAddress admin, Optional<Role<GatewayConfig>> gateway, List<Role<HostConfig>> hosts) {
        Map<String, SocketAddress> addresses = new HashMap<>(Map.of("admin", admin));
        gateway.map(Role::config).ifPresent(config -> {
            addresses.put("gateway.hbone", config.hbone());
            config.relay().ifPresent(relay -> addresses.put("gateway.relay", relay));
        });
        hosts.stream().map(Role::config).forEach(config -> {
            String host = "host " + config.workload();
            config.socks().ifPresent(socks -> addresses.put(host + " socks", socks));
            config.inbound().ifPresent(inbound -> addresses.put(host + " inbound", inbound.listen()));
            config.listeners().forEach(one -> addresses.put(host + " listener " + one.service(), one.listen()));
        });
        return addresses;
    }

    /** Two listeners on one address would fail one after the other, at run time, in an order that nobody expects. */
    private static void refuseClashes(Map<String, SocketAddress> addresses) {
        Map<SocketAddress, String> taken = new HashMap<>();
        addresses.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(listener -> {
            String other = taken.putIfAbsent(listener.getValue(), listener.getKey());
            if (other != null) {
                throw new IllegalArgumentException(listener.getKey() + ": " + listener.getValue() + " is taken by "
                        + other + " (expected: an address of its own)");
            }
        });
    }
}
