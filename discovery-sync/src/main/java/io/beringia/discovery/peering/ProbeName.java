package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ServiceName;

/**
 * The service that gateways probe, {@code beringia-probe} beside them: it goes to every peer, and every peer takes it, a
 * witness without namespaces too, since paths are judged by it.
 *
 * @param namespace of the gateways, the same in every cluster
 */
public record ProbeName(String namespace) {
    public static final ProbeName DEFAULT = new ProbeName("beringia-system");

    public boolean is(ServiceName service) {
        return service.namespace().equals(namespace)
                && service.hostname().startsWith("beringia-probe." + namespace + ".");
    }
}
