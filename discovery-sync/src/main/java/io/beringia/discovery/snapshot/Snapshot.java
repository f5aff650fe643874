package io.beringia.discovery.snapshot;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.KubeObject.ServiceImportObject;
import io.beringia.discovery.merge.FederationView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that one discovery knows at one moment: kept over restarts, and shown to operators. Times are ages at
 * {@code takenAt}.
 *
 * @param takenAt by the wall clock of who took it
 * @param unheard clusters that we know by name only, or from an earlier life
 * @param sights on every cluster, our own first
 * @param namespaces those that exist in our own cluster
 * @param offers what our own cluster offers to others, and to whom it goes
 * @param imports that our own API has, for names of the clusterset
 * @param relay the service through which our proxies go; empty where they dial other networks themselves
 */
public record Snapshot(
        Instant takenAt,
        FederationView view,
        Set<ClusterId> unheard,
        List<ClusterSight> sights,
        Set<String> namespaces,
        Map<ServiceName, Offering> offers,
        List<ServiceImportObject> imports,
        Optional<GatewayRef.ByHostname> relay) {
    public Snapshot {
        unheard = Set.copyOf(unheard);
        sights = List.copyOf(sights);
        namespaces = Set.copyOf(namespaces);
        offers = Map.copyOf(offers);
        imports = List.copyOf(imports);
    }

    /** Whose it is. */
    public ClusterId cluster() {
        return view.own();
    }

    public Optional<ClusterSight> sight(ClusterId cluster) {
        return sights.stream().filter(sight -> sight.cluster().equals(cluster)).findFirst();
    }

    /**
     * One service that we offer.
     *
     * @param verdict whether it may leave, as a condition says it: {@code Permitted}, or who denies it
     * @param consumers clusters that may have it
     */
    public record Offering(String verdict, Set<ClusterId> consumers) {
        public Offering {
            consumers = Set.copyOf(consumers);
        }
    }

    @Override
    public String toString() {
        return "Snapshot[" + cluster() + " at " + takenAt + ", revision " + view.revision() + "]";
    }
}
