package io.beringia.discovery.dns;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.kube.KubeObject.ServiceImportObject;
import io.beringia.discovery.kube.LocalPart;
import io.beringia.discovery.merge.ClustersetName;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.discovery.merge.FederatedService;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.merge.McsExport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The zone as imports and exports make it: names and addresses are those that a ServiceImport carries, so that no address is
 * answered which no import has; endpoints of headless services are those that are told to us. Pure.
 */
public final class ZoneRules {
    private ZoneRules() {}

    /** Imports that others wrote have names, too. */
    public static Zone zone(LocalPart local, FederationView view) {
        Map<Zone.Name, Zone.Entry> services = new HashMap<>();
        local.mcs()
                .imports()
                .forEach((name, it) -> services.put(new Zone.Name(name.namespace(), name.name()), entry(it, view)));
        return new Zone(view.revision(), services);
    }

    private static Zone.Entry entry(ServiceImportObject it, FederationView view) {
        return switch (it.spec().type()) {
            case CLUSTER_SET_IP ->
                new Zone.Entry.Addressed(it.spec().ips(), it.spec().ports());
            case HEADLESS -> new Zone.Entry.Headless(hosts(it, view), it.spec().ports());
        };
    }

    private static List<Zone.Host> hosts(ServiceImportObject it, FederationView view) {
        Map<String, Zone.Host> hosts = new TreeMap<>();
        FederatedService service = view.services()
                .get(ClustersetName.of(it.name().namespace(), it.name().name()));
        if (service != null) {
            for (FederatedService.Part part : service.parts()) {
                if (it.clusters().contains(part.cluster().name())) {
                    part.export()
                            .slices()
                            .forEach(slice -> add(hosts, part.cluster().name(), slice));
                }
            }
        }
        return List.copyOf(hosts.values());
    }

    private static void add(Map<String, Zone.Host> hosts, String cluster, ExportedSlice slice) {
        for (ExportedSlice.Endpoint endpoint : slice.endpoints()) {
            if (endpoint.isReady()) {
                for (IpAddress address : endpoint.addresses()) {
                    Zone.Host host = new Zone.Host(label(endpoint, address), cluster, List.of(address), slice.ports());
                    hosts.merge(cluster + "/" + host.label(), host, ZoneRules::both);
                }
            }
        }
    }

    private static String label(ExportedSlice.Endpoint endpoint, IpAddress address) {
        return endpoint.hostname().isEmpty()
                ? address.toString().replace('.', '-').replace(':', '-')
                : endpoint.hostname();
    }

    private static Zone.Host both(Zone.Host one, Zone.Host other) {
        Set<IpAddress> addresses = new LinkedHashSet<>(one.addresses());
        addresses.addAll(other.addresses());
        Set<McsExport.Port> ports = new LinkedHashSet<>(one.ports());
        ports.addAll(other.ports());
        return new Zone.Host(one.label(), one.cluster(), new ArrayList<>(addresses), new ArrayList<>(ports));
    }
}
