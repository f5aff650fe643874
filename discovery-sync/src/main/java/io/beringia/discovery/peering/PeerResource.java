package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.trust.identity.TrustDomain;
import java.util.Set;

/** One thing that a cluster tells its peers: changed, and refused, by itself. */
public sealed interface PeerResource {
    /** Of whom it is. */
    ClusterId cluster();

    /** Unique in its cluster. */
    String name();

    /** @param networks in which its endpoints are */
    record OfService(ClusterId cluster, Export export, Set<Network> networks) implements PeerResource {
        public OfService {
            networks = Set.copyOf(networks);
        }

        @Override
        public String name() {
            return nameOf(export.service());
        }

        static String nameOf(ServiceName service) {
            return "service/" + service;
        }
    }

    /**
     * Some endpoints of a service that a ServiceExport exports, for whoever is in their network.
     *
     * @param network in which they are
     */
    record OfEndpoints(ClusterId cluster, ServiceName service, Network network, ExportedSlice slice)
            implements PeerResource {
        @Override
        public String name() {
            return nameOf(service, slice);
        }

        static String nameOf(ServiceName service, ExportedSlice slice) {
            return "endpoints/" + service + "/" + slice.name();
        }
    }

    /** One way into the cluster. */
    record OfGateway(GatewayAddress gateway) implements PeerResource {
        @Override
        public ClusterId cluster() {
            return gateway.cluster();
        }

        @Override
        public String name() {
            return "gateway/" + gateway.name();
        }
    }

    /** Where it is, and who may speak for its workloads. */
    record OfCluster(ClusterId cluster, RegionId region, Network network, Set<TrustDomain> trustDomains)
            implements PeerResource {
        public OfCluster {
            trustDomains = Set.copyOf(trustDomains);
        }

        @Override
        public String name() {
            return "cluster";
        }
    }
}
