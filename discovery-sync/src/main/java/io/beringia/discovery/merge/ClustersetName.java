package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.ServiceName;
import java.util.Optional;

/** Names of the clusterset's own zone: a service exported by a ServiceExport is another one than that of its cluster. */
public final class ClustersetName {
    /** The zone (Multi-Cluster Services API, DNS specification). */
    public static final String ZONE = "clusterset.local";

    private ClustersetName() {}

    /** @param name of the Kubernetes Service */
    public static ServiceName of(String namespace, String name) {
        return new ServiceName(namespace, name + "." + namespace + ".svc." + ZONE);
    }

    public static boolean is(ServiceName service) {
        return service(service).isPresent();
    }

    /** The name of the Kubernetes Service; empty for a service of another zone. */
    public static Optional<String> service(ServiceName service) {
        String suffix = "." + service.namespace() + ".svc." + ZONE;
        String hostname = service.hostname();
        return hostname.endsWith(suffix) && hostname.length() > suffix.length()
                ? Optional.of(hostname.substring(0, hostname.length() - suffix.length()))
                : Optional.empty();
    }
}
