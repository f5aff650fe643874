package io.beringia.gateway;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.ReportFeed;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.limits.LimitsConfig;
import io.beringia.gateway.limits.MaxAge;
import io.beringia.gateway.routing.Self;
import io.beringia.trust.ledger.RoleLedger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one gateway is told at its start.
 *
 * @param gateway its name, unique within its cluster
 * @param hbone where peers of other clusters come in
 * @param relay where workloads of our network come in; empty on a gateway that only ends tunnels
 * @param source local address of every outgoing connection of its family; of the other one the kernel chooses
 * @param loops event loops, at least one
 * @param allowLoopback whether loopback addresses may be dialled: labs on one computer only
 * @param evidence replicas of our site's discovery, which hear what we see of other regions
 * @param drain how it lets go of its tunnels
 * @param maxAge after which a connection gets no new tunnels, whoever opened it
 * @param limits of what all tunnels together may cost
 * @param ledger in which every connection is written down; empty writes none down
 */
public record GatewayConfig(
        RegionId region,
        ClusterId cluster,
        Network network,
        String gateway,
        SocketAddress hbone,
        Optional<SocketAddress> relay,
        IpAddress source,
        int loops,
        boolean allowLoopback,
        List<ReportFeed.Replica> evidence,
        DrainConfig drain,
        MaxAge maxAge,
        LimitsConfig limits,
        Optional<RoleLedger> ledger) {
    private static final int LOOPS_MAX = 256;

    public GatewayConfig {
        evidence = List.copyOf(evidence);
        if (gateway.isEmpty()) {
            throw new IllegalArgumentException("gateway.name: \"\" (expected: a name within its cluster)");
        }
        if (loops < 1 || loops > LOOPS_MAX) {
            throw new IllegalArgumentException("gateway.loops: " + loops + " (expected: 1..256)");
        }
        if (relay.equals(Optional.of(hbone))) {
            throw new IllegalArgumentException(
                    "gateway.relay: " + hbone + " (expected: another address than gateway.hbone)");
        }
    }

    /** One with as much as its process can afford. */
    public GatewayConfig(
            RegionId region,
            ClusterId cluster,
            Network network,
            String gateway,
            SocketAddress hbone,
            Optional<SocketAddress> relay,
            IpAddress source,
            int loops,
            boolean allowLoopback,
            List<ReportFeed.Replica> evidence,
            DrainConfig drain,
            MaxAge maxAge) {
        this(
                region,
                cluster,
                network,
                gateway,
                hbone,
                relay,
                source,
                loops,
                allowLoopback,
                evidence,
                drain,
                maxAge,
                LimitsConfig.ofProcess(),
                Optional.empty());
    }

    /** One that reports to nobody, and lets go as is usual. */
    public GatewayConfig(
            RegionId region,
            ClusterId cluster,
            Network network,
            String gateway,
            SocketAddress hbone,
            Optional<SocketAddress> relay,
            IpAddress source,
            int loops,
            boolean allowLoopback) {
        this(
                region,
                cluster,
                network,
                gateway,
                hbone,
                relay,
                source,
                loops,
                allowLoopback,
                List.of(),
                DrainConfig.DEFAULT,
                MaxAge.DEFAULT);
    }

    /** The same, which writes every connection down. */
    public GatewayConfig with(RoleLedger to) {
        return new GatewayConfig(
                region,
                cluster,
                network,
                gateway,
                hbone,
                relay,
                source,
                loops,
                allowLoopback,
                evidence,
                drain,
                maxAge,
                limits,
                Optional.of(to));
    }

    /** @param ours the addresses of this host: who listens at all of them is found at each */
    Self self(Set<IpAddress> ours) {
        Set<SocketAddress> own = Stream.concat(Stream.of(hbone), relay.stream())
                .flatMap(listener -> listener.ip().isUnspecified()
                        ? ours.stream().map(ip -> new SocketAddress(ip, listener.port()))
                        : Stream.of(listener))
                .collect(Collectors.toUnmodifiableSet());
        return new Self(cluster, region, network, gateway, own, source, allowLoopback);
    }
}
