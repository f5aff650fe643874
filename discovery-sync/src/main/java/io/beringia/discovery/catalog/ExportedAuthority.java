package io.beringia.discovery.catalog;

import io.beringia.trust.identity.SpiffeId;
import java.util.Set;

/**
 * A service of ours that others may call through our gateway.
 *
 * @param ports service ports that may be asked for
 * @param consumers clusters whose clients may call it
 * @param clients the only identities that may; none named means everybody of those clusters
 */
public record ExportedAuthority(
        ServiceName service, Set<Integer> ports, Set<ClusterId> consumers, Set<SpiffeId> clients) {
    public ExportedAuthority {
        ports = Set.copyOf(ports);
        consumers = Set.copyOf(consumers);
        clients = Set.copyOf(clients);
    }
}
