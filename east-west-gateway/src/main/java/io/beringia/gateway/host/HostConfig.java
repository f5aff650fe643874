package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Destination;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.drain.DrainConfig;
import io.beringia.gateway.limits.MaxAge;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one host proxy does, for one workload. Inert.
 *
 * @param workload uid of this workload in the catalog
 * @param source our own address: every connection of ours comes from it
 * @param loops event loops, 1 to 64
 * @param socks where applications ask by SOCKS5; loopback
 * @param listeners loopback addresses that lead to one service each
 * @param plainAllowed whether destinations without HBONE may be reached in plain TCP
 * @param inbound empty: nobody can call this workload
 * @param patience with which it dials
 * @param drain its way out
 * @param maxAge after which a connection gets no new tunnels, whoever opened it
 * @param limits of what peers and applications may cost
 * @param readiness how it finds out whether it may be called; empty: it says nothing of itself
 */
public record HostConfig(
        String workload,
        IpAddress source,
        int loops,
        Optional<SocketAddress> socks,
        List<Listener> listeners,
        boolean plainAllowed,
        Optional<Inbound> inbound,
        Patience patience,
        DrainConfig drain,
        MaxAge maxAge,
        HostLimits limits,
        Optional<Readiness> readiness) {
    /** Shorter than the 90 s that systemd gives a service, with the slices at its end. */
    public static final DrainConfig DRAIN =
            new DrainConfig(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(30));

    private static final int LOOPS_MAX = 64;
    private static final int HBONE_PORT = 15_008;

    /** In the uid of whoever may say how it is; of a pod, its kubelet says that. */
    private static final String OF_ENTRIES = "/networking.istio.io/WorkloadEntry/";

    public HostConfig {
        listeners = List.copyOf(listeners);
        if (workload.isEmpty()) {
            throw new IllegalArgumentException("host.workload: \"\" (expected: the uid of our workload)");
        }
        if (loops < 1 || loops > LOOPS_MAX) {
            throw new IllegalArgumentException("host.loops: " + loops + " (expected: 1..64)");
        }
        socks.ifPresent(address -> requireLoopback("host.socks", address));
        listeners.forEach(one -> requireLoopback("host.listeners.listen", one.listen()));
        if (readiness.isPresent() && !isEntry(workload)) {
            throw new IllegalArgumentException("host.readiness: of " + workload
                    + " (expected: a host of a WorkloadEntry, CLUSTER" + OF_ENTRIES + "NAMESPACE/NAME)");
        }
        if (readiness.isPresent() && inbound.isEmpty()) {
            throw new IllegalArgumentException("host.readiness: without host.inbound (expected: somebody may call it)");
        }
    }

    private static boolean isEntry(String workload) {
        return workload.contains(OF_ENTRIES);
    }

    /** Whether our workload is a WorkloadEntry, and no pod. */
    public boolean isEntry() {
        return isEntry(workload);
    }

    /** Whoever reaches it speaks with this workload's identity. */
    private static void requireLoopback(String key, SocketAddress address) {
        if (!address.ip().isLoopback()) {
            throw new IllegalArgumentException(
                    key + ": " + address + " (expected: a loopback address, everybody who reaches it is taken for us)");
        }
    }

    public HostConfig(
            String workload,
            IpAddress source,
            int loops,
            Optional<SocketAddress> socks,
            List<Listener> listeners,
            boolean plainAllowed,
            Optional<Inbound> inbound) {
        this(
                workload,
                source,
                loops,
                socks,
                listeners,
                plainAllowed,
                inbound,
                Patience.DEFAULT,
                DRAIN,
                MaxAge.DEFAULT,
                HostLimits.DEFAULT,
                Optional.empty());
    }

    /** The same, with other patience. */
    public HostConfig with(Patience other) {
        return new HostConfig(
                workload,
                source,
                loops,
                socks,
                listeners,
                plainAllowed,
                inbound,
                other,
                drain,
                maxAge,
                limits,
                readiness);
    }

    /** The same, with another way out. */
    public HostConfig with(DrainConfig other) {
        return new HostConfig(
                workload,
                source,
                loops,
                socks,
                listeners,
                plainAllowed,
                inbound,
                patience,
                other,
                maxAge,
                limits,
                readiness);
    }

    /** The same, whose connections grow as old as that. */
    public HostConfig with(MaxAge other) {
        return new HostConfig(
                workload,
                source,
                loops,
                socks,
                listeners,
                plainAllowed,
                inbound,
                patience,
                drain,
                other,
                limits,
                readiness);
    }

    /** The same, with other limits. */
    public HostConfig with(HostLimits other) {
        return new HostConfig(
                workload,
                source,
                loops,
                socks,
                listeners,
                plainAllowed,
                inbound,
                patience,
                drain,
                maxAge,
                other,
                readiness);
    }

    /** The same, that says of itself whether it may be called. */
    public HostConfig with(Readiness it) {
        return new HostConfig(
                workload,
                source,
                loops,
                socks,
                listeners,
                plainAllowed,
                inbound,
                patience,
                drain,
                maxAge,
                limits,
                Optional.of(it));
    }

    /** A local address, and the service that it leads to. */
    public record Listener(SocketAddress listen, Destination.ByName service) {}

    /**
     * How others reach the local application.
     *
     * @param listen the workload's own address; other proxies dial port 15008, whatever stands here
     * @param application where the application listens
     * @param ports target ports that may be called, beside those that the catalog gives this workload
     * @param adminPorts ports of this process that must never be a target
     * @param probe whether port 7 is answered by this process itself, for gateways that look whether a path carries
     */
    public record Inbound(
            SocketAddress listen, IpAddress application, Set<Integer> ports, Set<Integer> adminPorts, boolean probe) {
        public Inbound {
            ports = Set.copyOf(ports);
            adminPorts = Set.copyOf(adminPorts);
        }
    }

    /** Ports of this proxy itself: a tunnel to one of them would loop. */
    public Set<Integer> ownPorts() {
        Set<Integer> own = new HashSet<>(Set.of(HBONE_PORT));
        socks.ifPresent(address -> own.add(address.port()));
        listeners.forEach(listener -> own.add(listener.listen().port()));
        inbound.ifPresent(in -> {
            own.add(in.listen().port());
            own.addAll(in.adminPorts());
        });
        return Set.copyOf(own);
    }
}
