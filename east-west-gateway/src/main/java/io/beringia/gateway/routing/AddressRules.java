package io.beringia.gateway.routing;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which address may be dialled at all, whatever a catalog says of it: the last look after a choice was made, so that no
 * entry of a catalog turns this gateway against its own node. Pure.
 */
public final class AddressRules {
    /** Admin, metrics and readiness ports of ztunnels and gateways (Istio, "Ports used by Istio"). */
    private static final Set<Integer> ADMIN_PORTS = Set.of(15_000, 15_020, 15_021);
    /** Where gateways listen, on whatever port they are published. */
    private static final Set<Integer> GATEWAY_PORTS = Set.of(15_008, 15_018);

    /** IPv4 addresses within IPv6 (RFC 4291, 2.5.5.2): to the kernel they are the IPv4 address. */
    private static final byte[] V4_MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};
    /** The instance metadata service of a large cloud, in IPv6. Its IPv4 address is link-local. */
    private static final IpAddress METADATA_V6 = IpAddress.parse("fd00:ec2::254");

    private AddressRules() {}

    /** Any thread. Why that must not be dialled; empty if it may. */
    public static Optional<String> refusal(Self self, Catalog catalog, Candidate candidate) {
        return switch (candidate) {
            case Candidate.Gateway it -> refusal(self, catalog, it.gateway());
            case Candidate.Backend it -> endpointRefusal(self, catalog, plain(it.address()));
        };
    }

    /** Any thread. The same for a gateway elsewhere, also where it is only looked at. */
    public static Optional<String> refusal(Self self, Catalog catalog, GatewayAddress gateway) {
        SocketAddress address = plain(gateway.address());
        return refusal(self, address).or(() -> apiRefusal(self, catalog, address));
    }

    private static Optional<String> endpointRefusal(Self self, Catalog catalog, SocketAddress address) {
        return refusal(self, address)
                .or(() -> apiRefusal(self, catalog, address))
                .or(() -> nodeRefusal(self, catalog, address))
                .or(() -> gatewayRefusal(catalog, address));
    }

    /** The cluster's own API server, by its service address or where it really is. */
    private static Optional<String> apiRefusal(Self self, Catalog catalog, SocketAddress address) {
        boolean api = catalog.apiServers().stream()
                .anyMatch(service -> service.addresses().contains(new NetworkAddress(self.network(), address.ip()))
                        || catalog.endpoints(service.name()).stream().anyMatch(one -> isAt(self, one, address)));
        return api ? refused(address, "not the API server of the cluster") : Optional.empty();
    }

    private static boolean isAt(Self self, Workload endpoint, SocketAddress address) {
        return endpoint.network().equals(self.network())
                && endpoint.addresses().contains(address.ip())
                && endpoint.services().values().stream()
                        .flatMap(List::stream)
                        .anyMatch(port -> port.target() == address.port());
    }

    private static Optional<String> nodeRefusal(Self self, Catalog catalog, SocketAddress address) {
        return catalog.isHost(new NetworkAddress(self.network(), address.ip()))
                ? refused(address, "an endpoint, this is a node")
                : Optional.empty();
    }

    /** Any thread. The same where nothing but the address is known. */
    public static Optional<String> refusal(Self self, SocketAddress address) {
        IpAddress ip = plain(address.ip());
        if (ip.isUnspecified() || isMulticast(ip)) {
            return refused(address, "the address of one host");
        }
        if (ip.isLinkLocal() || ip.equals(METADATA_V6)) {
            return refused(address, "neither link-local nor metadata");
        }
        if (ip.isLoopback() && !self.allowLoopback()) {
            return refused(address, "not loopback");
        }
        if (ADMIN_PORTS.contains(address.port())) {
            return refused(address, "no admin port");
        }
        return isOwn(self, ip, address.port()) ? refused(address, "not our own") : Optional.empty();
    }

    /** A lab shares loopback among its roles, so there only the listeners themselves are our own. */
    private static boolean isOwn(Self self, IpAddress ip, int port) {
        return self.ownListeners().stream()
                .filter(own -> plain(own.ip()).equals(ip))
                .anyMatch(own -> own.port() == port || !ip.isLoopback());
    }

    private static Optional<String> gatewayRefusal(Catalog catalog, SocketAddress address) {
        boolean gateway = catalog.clusters().values().stream()
                .flatMap(cluster -> cluster.gateways().stream())
                .map(known -> plain(known.address()))
                .anyMatch(known -> known.equals(address) || isDoorOf(known.ip(), address));
        return gateway ? refused(address, "an endpoint, this is a gateway") : Optional.empty();
    }

    /** A gateway may be published under other ports than its own. A lab shares loopback among its roles. */
    private static boolean isDoorOf(IpAddress gateway, SocketAddress address) {
        return gateway.equals(address.ip()) && !gateway.isLoopback() && GATEWAY_PORTS.contains(address.port());
    }

    private static SocketAddress plain(SocketAddress address) {
        return new SocketAddress(plain(address.ip()), address.port());
    }

    /** 224.0.0.0/3, which has broadcast in it, or ff00::/8. */
    private static boolean isMulticast(IpAddress ip) {
        int first = ip.bytes()[0] & 0xff;
        return ip.isV6() ? first == 0xff : first >= 224;
    }

    private static IpAddress plain(IpAddress ip) {
        byte[] bytes = ip.bytes();
        boolean mapped = ip.isV6() && Arrays.equals(bytes, 0, V4_MAPPED.length, V4_MAPPED, 0, V4_MAPPED.length);
        return mapped ? IpAddress.of(Arrays.copyOfRange(bytes, V4_MAPPED.length, bytes.length)) : ip;
    }

    private static Optional<String> refused(SocketAddress address, String expected) {
        return Optional.of("address: " + address + " (expected: " + expected + ")");
    }
}
