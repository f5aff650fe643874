package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.Workload;

/** One value of a catalog, whichever it is. */
public sealed interface MeshValue {
    /** Under which a resource of it is known. */
    String name();

    /** As what it is served. */
    default ResourceType type() {
        return switch (this) {
            case OfWorkload _, OfService _ -> ResourceType.ADDRESS;
            case OfPolicy _ -> ResourceType.AUTHORIZATION;
            case OfExported _ -> ResourceType.EXPORTED_AUTHORITY;
            case OfRelayTarget _ -> ResourceType.RELAY_TARGET;
            case OfCluster _ -> ResourceType.CLUSTER_STATE;
        };
    }

    record OfWorkload(Workload workload) implements MeshValue {
        @Override
        public String name() {
            return workload.uid();
        }
    }

    record OfService(Service service) implements MeshValue {
        @Override
        public String name() {
            return service.name().toString();
        }
    }

    record OfPolicy(Policy policy) implements MeshValue {
        @Override
        public String name() {
            return policy.key();
        }
    }

    record OfExported(ExportedAuthority exported) implements MeshValue {
        @Override
        public String name() {
            return exported.service().hostname();
        }
    }

    record OfRelayTarget(RelayTarget target) implements MeshValue {
        @Override
        public String name() {
            return target.service().hostname();
        }
    }

    record OfCluster(ClusterState cluster) implements MeshValue {
        @Override
        public String name() {
            return cluster.cluster().name();
        }
    }
}
