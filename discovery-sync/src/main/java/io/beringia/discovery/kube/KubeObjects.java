package io.beringia.discovery.kube;

import io.beringia.discovery.kube.KubeObject.AuthorizationPolicyObject;
import io.beringia.discovery.kube.KubeObject.ExportPolicyObject;
import io.beringia.discovery.kube.KubeObject.GatewayClassObject;
import io.beringia.discovery.kube.KubeObject.GatewayObject;
import io.beringia.discovery.kube.KubeObject.NamespaceObject;
import io.beringia.discovery.kube.KubeObject.NodeObject;
import io.beringia.discovery.kube.KubeObject.PeerAuthenticationObject;
import io.beringia.discovery.kube.KubeObject.PeerClusterObject;
import io.beringia.discovery.kube.KubeObject.PodObject;
import io.beringia.discovery.kube.KubeObject.ServiceEntryObject;
import io.beringia.discovery.kube.KubeObject.ServiceExportObject;
import io.beringia.discovery.kube.KubeObject.ServiceImportObject;
import io.beringia.discovery.kube.KubeObject.ServiceObject;
import io.beringia.discovery.kube.KubeObject.SliceObject;
import io.beringia.discovery.kube.KubeObject.WorkloadEntryObject;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All that is known of one cluster at one moment. The maps are views that nobody changes any more. */
public record KubeObjects(
        Map<ObjectName, NamespaceObject> namespaces,
        Map<ObjectName, NodeObject> nodes,
        Map<ObjectName, PodObject> pods,
        Map<ObjectName, ServiceObject> services,
        Map<ObjectName, SliceObject> slices,
        Map<ObjectName, ServiceExportObject> exports,
        Map<ObjectName, ServiceImportObject> imports,
        Map<ObjectName, AuthorizationPolicyObject> policies,
        Map<ObjectName, PeerAuthenticationObject> peerAuthentications,
        Map<ObjectName, GatewayObject> gateways,
        Map<ObjectName, GatewayClassObject> gatewayClasses,
        Map<ObjectName, ServiceEntryObject> serviceEntries,
        Map<ObjectName, WorkloadEntryObject> workloadEntries,
        Map<ObjectName, ExportPolicyObject> exportPolicies,
        Map<ObjectName, PeerClusterObject> peerClusters,
        boolean isMcsServed) {

    /** Sorted by name, so that the same objects always translate to the same values. */
    public static KubeObjects of(Collection<? extends KubeObject> objects) {
        return of(objects, true);
    }

    /** @param isMcsServed whether the definitions of the Multi-Cluster Services API are installed */
    static KubeObjects of(Collection<? extends KubeObject> objects, boolean isMcsServed) {
        return new KubeObjects(
                only(objects, NamespaceObject.class),
                only(objects, NodeObject.class),
                only(objects, PodObject.class),
                only(objects, ServiceObject.class),
                only(objects, SliceObject.class),
                only(objects, ServiceExportObject.class),
                only(objects, ServiceImportObject.class),
                only(objects, AuthorizationPolicyObject.class),
                only(objects, PeerAuthenticationObject.class),
                only(objects, GatewayObject.class),
                only(objects, GatewayClassObject.class),
                only(objects, ServiceEntryObject.class),
                only(objects, WorkloadEntryObject.class),
                only(objects, ExportPolicyObject.class),
                only(objects, PeerClusterObject.class),
                isMcsServed);
    }

    private static <T extends KubeObject> Map<ObjectName, T> only(
            Collection<? extends KubeObject> objects, Class<T> kind) {
        return objects.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .collect(Collectors.toMap(KubeObject::name, Function.identity(), (one, other) -> other, TreeMap::new));
    }

    @Override
    public String toString() {
        return "KubeObjects[" + services.size() + " services, " + pods.size() + " pods, " + slices.size() + " slices]";
    }
}
