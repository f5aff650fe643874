package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.Workload;
import java.util.List;
import java.util.Map;

/**
 * What our own cluster has, exported or not; nobody else hears of it.
 *
 * @param vips addresses that our cluster gave to services of the clusterset
 */
public record OwnObjects(
        List<Workload> workloads,
        List<Service> services,
        List<Policy> policies,
        List<ExportedAuthority> exported,
        Map<ServiceName, List<NetworkAddress>> vips) {
    public static final OwnObjects NONE = new OwnObjects(List.of(), List.of(), List.of(), List.of());

    /** One that gave no addresses. */
    public OwnObjects(
            List<Workload> workloads, List<Service> services, List<Policy> policies, List<ExportedAuthority> exported) {
        this(workloads, services, policies, exported, Map.of());
    }

    public OwnObjects {
        workloads = List.copyOf(workloads);
        services = List.copyOf(services);
        policies = List.copyOf(policies);
        exported = List.copyOf(exported);
        vips = Map.copyOf(vips);
    }
}
