package io.beringia.cli;

import io.beringia.discovery.DiscoveryConfig;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.lab.LabConfig;
import io.beringia.discovery.wire.RemoteCatalog;
import io.beringia.failover.FailoverConfig;
import io.beringia.failover.zookeeper.ZooKeeperConfig;
import io.beringia.gateway.GatewayConfig;
import io.beringia.gateway.host.HostConfig;
import io.beringia.trust.TrustConfig;
import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.RemoteSource;
import io.beringia.trust.client.RevocationFiles;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.rotator.RotationConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one process of a region is told at its start: who it belongs to, and which roles it plays. Inert.
 *
 * @param admin where readiness and metrics are shown
 * @param revocation whom no role trusts any more, whatever its roots prove
 * @param hosts several workloads may share one process
 */
public record RegionConfig(
        RegionId region,
        ClusterId cluster,
        Network network,
        SocketAddress admin,
        RevocationFiles revocation,
        Optional<LabConfig> kube,
        Optional<Identified<DiscoveryConfig>> discovery,
        Optional<TrustConfig> trust,
        Optional<Role<GatewayConfig>> gateway,
        List<Role<HostConfig>> hosts,
        Optional<ZooKeeperConfig> zookeeper,
        Optional<Identified<FailoverConfig>> failover) {
    public RegionConfig {
        hosts = List.copyOf(hosts);
        if (Stream.of(kube, discovery, trust, gateway, zookeeper, failover).allMatch(Optional::isEmpty)
                && hosts.isEmpty()) {
            throw new IllegalArgumentException(
                    "roles: none (expected: one of kube, discovery, trust, gateway, host, zookeeper, failover)");
        }
        hosts.forEach(RegionConfig::refuseUnheard);
        discovery.ifPresent(it -> trust.ifPresent(issuer -> refuseStrangers(it, issuer)));
        Map<String, SocketAddress> addresses = addresses(admin, gateway, hosts);
        trust.ifPresent(config -> addresses.put("trust.listen", address(config.listen())));
        trust.flatMap(TrustConfig::ledger)
                .flatMap(RoleLedger::listen)
                .ifPresent(listen -> addresses.put("trust.ledger.listen", address(listen)));
        trust.flatMap(TrustConfig::bundleEndpoint)
                .ifPresent(endpoint -> addresses.put("trust.bundle-endpoint.listen", address(endpoint.listen())));
        trust.flatMap(TrustConfig::rotation)
                .flatMap(RotationConfig::api)
                .ifPresent(api -> addresses.put("trust.rotation.operator-api.listen", address(api.listen())));
        kube.ifPresent(config -> addresses.put("kube.listen", address(config.listen())));
        discovery.map(Identified::config).ifPresent(config -> {
            addresses.put("discovery.xds", address(config.xds()));
            addresses.put("discovery.peering", address(config.peering()));
        });
        failover.flatMap(role -> role.config().ledger())
                .flatMap(RoleLedger::listen)
                .ifPresent(listen -> addresses.put("failover.ledger.listen", address(listen)));
        gateway.flatMap(role -> role.config().ledger())
                .flatMap(RoleLedger::listen)
                .ifPresent(listen -> addresses.put("gateway.ledger.listen", address(listen)));
        zookeeper.ifPresent(config -> addresses.put("zookeeper.listen", config.listen()));
        failover.ifPresent(
                role -> addresses.put("failover.operator-api", role.config().operatorApi()));
        refuseClashes(addresses);
    }

    /** Of a file nobody says anything further. */
    private static void refuseUnheard(Role<HostConfig> host) {
        if (host.config().readiness().isPresent() && host.catalog() instanceof CatalogFrom.File) {
            throw new IllegalArgumentException(
                    "host.readiness: with catalog-from.file (expected: catalog-from.discovery,"
                            + " which is told of it)");
        }
    }

    /** Peers of another trust domain whose roots nobody would bring could never connect; one trust domain needs none. */
    private static void refuseStrangers(Identified<DiscoveryConfig> discovery, TrustConfig issuer) {
        boolean isOurIssuer = discovery.identity() instanceof IdentityFrom.Trust from
                && from.source().server().equals(issuer.id());
        discovery.config().peers().stream()
                .filter(peer -> isOurIssuer
                        && !peer.trustDomain().equals(issuer.id().trustDomain())
                        && !issuer.federation().names().contains(peer.trustDomain()))
                .findFirst()
                .ifPresent(stranger -> {
                    throw new IllegalArgumentException("discovery.peers: " + stranger.cluster() + " of "
                            + stranger.trustDomain() + " (expected: of "
                            + issuer.id().trustDomain()
                            + ", or of a domain in trust.federation)");
                });
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

        /**
         * A discovery server, followed for changes.
         *
         * @param lastGood where the catalog is kept over restarts; empty keeps none
         */
        record Discovery(RemoteCatalog.Server server, Optional<Path> lastGood) implements CatalogFrom {}
    }

    /** Where a server listens: an IP address or a DNS name, and a port. */
    record HostAndPort(String host, int port) {
        static HostAndPort parse(String text) {
            int colon = text.lastIndexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("\"" + text + "\" (expected: host:port)");
            }
            return new HostAndPort(text.substring(0, colon), RegionConfigFile.number(text.substring(colon + 1)));
        }
    }

    private static SocketAddress address(InetSocketAddress socket) {
        return new SocketAddress(IpAddress.of(socket.getAddress().getAddress()), socket.getPort());
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
