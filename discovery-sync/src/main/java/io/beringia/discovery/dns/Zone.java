package io.beringia.discovery.dns;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.merge.McsExport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All names of the clusterset at one moment. Immutable.
 *
 * @param serial grows with every change
 * @param services by {@code name.namespace}
 */
public record Zone(long serial, Map<Name, Entry> services) {
    public Zone {
        services = Map.copyOf(services);
    }

    public record Name(String namespace, String service) {}

    /** One service. */
    public sealed interface Entry {
        List<McsExport.Port> ports();

        /** With addresses of its own. */
        record Addressed(List<IpAddress> ips, List<McsExport.Port> ports) implements Entry {
            public Addressed {
                ips = List.copyOf(ips);
                ports = List.copyOf(ports);
            }
        }

        /** Whose endpoints are asked for themselves; only ready ones. */
        record Headless(List<Host> hosts, List<McsExport.Port> ports) implements Entry {
            public Headless {
                hosts = List.copyOf(hosts);
                ports = List.copyOf(ports);
            }
        }
    }

    /**
     * One endpoint of a headless service.
     *
     * @param label its hostname, or its address with dashes
     * @param ports where it listens
     */
    public record Host(String label, String cluster, List<IpAddress> addresses, List<McsExport.Port> ports) {
        public Host {
            addresses = List.copyOf(addresses);
            ports = List.copyOf(ports);
        }
    }

    boolean hasNamespace(String namespace) {
        return services.keySet().stream().anyMatch(name -> name.namespace().equals(namespace));
    }

    /** Whose address that is; more than one only where something is wrong. */
    Set<Name> named(IpAddress ip) {
        Map<Name, Entry> found = new HashMap<>(services);
        return found.entrySet().stream()
                .filter(one -> one.getValue() instanceof Entry.Addressed(var ips, var _) && ips.contains(ip))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
