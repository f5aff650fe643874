package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.Workload;
import java.util.List;

/** What our own cluster has, exported or not; nobody else hears of it. */
public record OwnObjects(
        List<Workload> workloads, List<Service> services, List<Policy> policies, List<ExportedAuthority> exported) {
    public static final OwnObjects NONE = new OwnObjects(List.of(), List.of(), List.of(), List.of());

    public OwnObjects {
        workloads = List.copyOf(workloads);
        services = List.copyOf(services);
        policies = List.copyOf(policies);
        exported = List.copyOf(exported);
    }
}
