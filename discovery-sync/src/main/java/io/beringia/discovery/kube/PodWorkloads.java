package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.kube.KubeObject.AuthorizationPolicyObject;
import io.beringia.discovery.kube.KubeObject.GatewayClassObject;
import io.beringia.discovery.kube.KubeObject.GatewayObject;
import io.beringia.discovery.kube.KubeObject.NamespaceObject;
import io.beringia.discovery.kube.KubeObject.NodeObject;
import io.beringia.discovery.kube.KubeObject.PeerAuthenticationObject;
import io.beringia.discovery.kube.KubeObject.PodObject;
import io.beringia.discovery.kube.KubeObject.ServiceEntryObject;
import io.beringia.discovery.kube.KubeObject.ServiceExportObject;
import io.beringia.discovery.kube.KubeObject.ServiceObject;
import io.beringia.discovery.kube.KubeObject.SliceObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What became of each pod of a cluster the last time: most pods are as they were, whatever changed. It goes with the
 * surroundings that it rests on, and holds nothing of a pod that is gone. Immutable.
 */
record PodWorkloads(Optional<Surroundings> around, Map<ObjectName, Told> byPod) {
    static final PodWorkloads NONE = new PodWorkloads(Optional.empty(), Map.of());

    PodWorkloads {
        byPod = Map.copyOf(byPod);
    }

    /**
     * All but the pod itself that its workload rests on.
     *
     * @param handWritten slices that name a pod, by pod
     */
    record Surroundings(
            LocalCluster cluster,
            Map<ObjectName, NamespaceObject> namespaces,
            Map<ObjectName, NodeObject> nodes,
            Map<ObjectName, ServiceObject> services,
            Map<ObjectName, ServiceExportObject> exports,
            Map<ObjectName, AuthorizationPolicyObject> policies,
            Map<ObjectName, PeerAuthenticationObject> peerAuthentications,
            Map<ObjectName, GatewayObject> gateways,
            Map<ObjectName, GatewayClassObject> gatewayClasses,
            Map<ObjectName, ServiceEntryObject> serviceEntries,
            Map<ObjectName, List<SliceObject>> handWritten) {
        static Surroundings of(
                KubeObjects objects, LocalCluster cluster, Map<ObjectName, List<SliceObject>> handWritten) {
            return new Surroundings(
                    cluster,
                    objects.namespaces(),
                    objects.nodes(),
                    objects.services(),
                    objects.exports(),
                    objects.policies(),
                    objects.peerAuthentications(),
                    objects.gateways(),
                    objects.gatewayClasses(),
                    objects.serviceEntries(),
                    Map.copyOf(handWritten));
        }
    }

    /** One pod. */
    record Told(PodObject pod, Workload workload) {}

    /** The next ones in the making, with what still holds of these. Owned by one translation. */
    static final class Next {
        private final Surroundings around;
        private final Map<ObjectName, Told> before;
        private final Map<ObjectName, Told> byPod = new HashMap<>();

        Next(PodWorkloads before, Surroundings around) {
            this.around = around;
            this.before = before.around().filter(around::equals).isPresent() ? before.byPod() : Map.of();
        }

        /** @param anew how it is translated in these surroundings */
        Workload of(PodObject pod, Function<PodObject, Workload> anew) {
            Told known = before.get(pod.name());
            Told told = known != null && known.pod().equals(pod) ? known : new Told(pod, anew.apply(pod));
            byPod.put(pod.name(), told);
            return told.workload();
        }

        PodWorkloads all() {
            return new PodWorkloads(Optional.of(around), byPod);
        }
    }
}
