package io.beringia.cli;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.ReportFeed;
import io.beringia.discovery.wire.YamlFields;
import io.beringia.gateway.GatewayConfig;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.limits.FrameRates;
import io.beringia.gateway.limits.HandshakeRates;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.gateway.limits.MaxAge;
import io.beringia.gateway.limits.PeerAllowance;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.ledger.RoleLedger;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Reads the role {@code gateway}, and what a host has in common with it. */
final class GatewayYaml {
    private static final SocketAddress NO_ADDRESS = SocketAddress.parse("0.0.0.0:1");
    private static final SpiffeId NO_IDENTITY = SpiffeId.parse("spiffe://none/none");

    private final Path directory;
    private final RegionId region;
    private final ClusterId cluster;
    private final Network network;

    GatewayYaml(Path directory, RegionId region, ClusterId cluster, Network network) {
        this.directory = directory;
        this.region = region;
        this.cluster = cluster;
        this.network = network;
    }

    GatewayConfig read(YamlFields fields) {
        SocketAddress hbone = fields.required("hbone", NO_ADDRESS, SocketAddress::parse);
        Optional<RoleLedger> ledger = fields.maybeOf("ledger", new LedgerYaml(directory)::read);
        return new GatewayConfig(
                region,
                cluster,
                network,
                fields.required("name", "none", Function.identity()),
                hbone,
                fields.maybe("relay", SocketAddress::parse),
                fields.optional("source", hbone.ip(), IpAddress::parse),
                fields.optional("loops", Runtime.getRuntime().availableProcessors(), RegionConfigFile::number),
                fields.optional("allow-loopback", false, RegionConfigFile::flag),
                fields.listOf("evidence-to", GatewayYaml::replicaOf),
                drainOf(fields, DrainConfig.DEFAULT),
                maxAgeOf(fields),
                fields.maybeOf("limits", GatewayYaml::limitsOf).orElseGet(GatewayYaml::defaultLimits),
                ledger);
    }

    private static LimitsConfig limitsOf(YamlFields fields) {
        LimitsConfig unless = defaultLimits();
        return new LimitsConfig(
                fields.optional("tunnel-bytes", unless.tunnelBytes(), RegionConfigFile::bytes),
                fields.optional("stall", unless.stall(), YamlFields::duration),
                fields.optional("connections", unless.connections(), RegionConfigFile::number),
                fields.optional("tunnels", unless.tunnels(), RegionConfigFile::number),
                fields.maybeOf("handshakes", GatewayYaml::handshakesOf).orElse(unless.handshakes()),
                fields.maybeOf("frames", GatewayYaml::framesOf).orElse(unless.frames()),
                fields.maybeOf("client", peer -> allowanceOf(peer, unless.client()))
                        .orElse(unless.client()),
                fields.maybeOf("gateway", peer -> allowanceOf(peer, unless.gateway()))
                        .orElse(unless.gateway()));
    }

    private static HandshakeRates handshakesOf(YamlFields fields) {
        HandshakeRates unless = HandshakeRates.DEFAULT;
        return new HandshakeRates(
                fields.optional("per-source", unless.perSource(), RegionConfigFile::number),
                fields.optional("per-loop", unless.perLoop(), RegionConfigFile::number));
    }

    static FrameRates framesOf(YamlFields fields) {
        FrameRates unless = FrameRates.DEFAULT;
        return new FrameRates(
                fields.optional("control", unless.control(), RegionConfigFile::number),
                fields.optional("idle", unless.idle(), RegionConfigFile::number),
                fields.optional("priorities", unless.priorities(), RegionConfigFile::number),
                fields.optional("window-updates", unless.windowUpdates(), RegionConfigFile::number),
                fields.optional("resets-from", unless.resetsFrom(), RegionConfigFile::number));
    }

    private static PeerAllowance allowanceOf(YamlFields fields, PeerAllowance unless) {
        return new PeerAllowance(
                fields.optional("connections", unless.connections(), RegionConfigFile::number),
                fields.optional("tunnels", unless.tunnels(), RegionConfigFile::number),
                fields.optional("new-tunnels", unless.newTunnels(), RegionConfigFile::number));
    }

    private static LimitsConfig defaultLimits() {
        return LimitsConfig.ofProcess();
    }

    private static ReportFeed.Replica replicaOf(YamlFields fields) {
        return new ReportFeed.Replica(
                fields.required("address", NO_ADDRESS, SocketAddress::parse),
                fields.required("server", NO_IDENTITY, SpiffeId::parse));
    }

    static DrainConfig drainOf(YamlFields fields, DrainConfig otherwise) {
        return fields.maybeOf(
                        "drain",
                        below -> new DrainConfig(
                                below.optional("accept", otherwise.accept(), YamlFields::duration),
                                below.optional("jitter", otherwise.jitter(), YamlFields::duration),
                                below.optional("deadline", otherwise.deadline(), YamlFields::duration)))
                .orElse(otherwise);
    }

    static MaxAge maxAgeOf(YamlFields fields) {
        return fields.maybeOf(
                        "connections",
                        below -> new MaxAge(below.optional("max-age", MaxAge.DEFAULT.mean(), YamlFields::duration)))
                .orElse(MaxAge.DEFAULT);
    }
}
