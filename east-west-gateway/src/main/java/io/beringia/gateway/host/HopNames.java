package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Hop;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Addresses of workloads that are known by hostname only, as the system's resolver has them. */
final class HopNames {
    private HopNames() {}

    /**
     * Asks on a thread of its own, one for each connection under way, and answers on the loop: a random address, of the
     * caller's family if there is one.
     */
    static void resolve(Hop.Named hop, boolean v6, HostLoop host, Consumer<Optional<SocketAddress>> answer) {
        Thread.ofVirtual().name("resolve/" + hop.hostname()).start(() -> {
            List<IpAddress> found = lookup(hop.hostname());
            host.loop()
                    .execute(() -> answer.accept(pick(found, v6, host).map(ip -> new SocketAddress(ip, hop.port()))));
        });
    }

    private static List<IpAddress> lookup(String hostname) {
        try {
            return Arrays.stream(InetAddress.getAllByName(hostname))
                    .map(address -> IpAddress.of(address.getAddress()))
                    .toList();
        } catch (UnknownHostException unknown) {
            return List.of();
        }
    }

    private static Optional<IpAddress> pick(List<IpAddress> found, boolean v6, HostLoop host) {
        List<IpAddress> ofFamily = found.stream().filter(ip -> ip.isV6() == v6).toList();
        List<IpAddress> from = ofFamily.isEmpty() ? found : ofFamily;
        return from.isEmpty()
                ? Optional.empty()
                : Optional.of(from.get(host.random().nextInt(from.size())));
    }
}
