package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.trust.identity.TrustDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One thing that a cluster tells its peers: changed, and refused, by itself. */
public sealed interface PeerResource {
    /** Of whom it is. */
    ClusterId cluster();

    /** Unique in its cluster. */
    String name();

    /** All that a part of the federation consists of. */
    static List<PeerResource> of(ClusterExports part) {
        ClusterState state = part.cluster();
        List<PeerResource> all = new ArrayList<>();
        all.add(new OfCluster(state.cluster(), state.region(), state.network(), state.trustDomains()));
        state.gateways().forEach(gateway -> all.add(new OfGateway(gateway)));
        part.exports().values().forEach(export -> {
            all.add(new OfService(state.cluster(), export.with(List.of()), Set.of(state.network())));
            export.slices()
                    .forEach(slice ->
                            all.add(new OfEndpoints(state.cluster(), export.service(), state.network(), slice)));
        });
        return all;
    }

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

        /** Without its gateways, all of a cluster is lost; a service is one of many. */
        static boolean isOne(String name) {
            return name.startsWith("service/");
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
            return namesOf(service) + slice.name();
        }

        /** How the names of all of a service begin. */
        static String namesOf(ServiceName service) {
            return "endpoints/" + service + "/";
        }
    }

    /** One way into the cluster. */
    record OfGateway(GatewayAddress gateway) implements PeerResource {
        /** How all names begin. */
        static final String NAMES = "gateway/";

        @Override
        public ClusterId cluster() {
            return gateway.cluster();
        }

        @Override
        public String name() {
            return NAMES + gateway.name();
        }
    }

    /** Where it is, and who may speak for its workloads. */
    record OfCluster(ClusterId cluster, RegionId region, Network network, Set<TrustDomain> trustDomains)
            implements PeerResource {
        static final String NAME = "cluster";

        public OfCluster {
            trustDomains = Set.copyOf(trustDomains);
        }

        @Override
        public String name() {
            return NAME;
        }
    }
}
