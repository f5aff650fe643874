package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.kube.KubeObject.ImportSpec;
import io.beringia.discovery.kube.KubeObject.ServiceImportObject;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.discovery.merge.McsExport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Objects of the Multi-Cluster Services API as an apply says them: only what is ours. Pure. */
final class McsJson {
    private McsJson() {}

    static String of(ApiWrite.ApplyImport it, String apiVersion) {
        ObjectNode object = object(apiVersion, "ServiceImport", it.name());
        ObjectNode metadata = object.withObjectProperty("metadata");
        texts(metadata, "labels", it.labels()).put(ServiceImportObject.MANAGER_LABEL, ImportedSlice.MANAGER);
        texts(metadata, "annotations", it.annotations());
        spec(object.putObject("spec"), it.spec());
        return object.toString();
    }

    private static void spec(ObjectNode spec, ImportSpec it) {
        spec.put("type", it.type().word());
        ports(spec, it.ports());
        it.ips().stream().map(IpAddress::toString).forEach(spec.putArray("ips")::add);
        it.families().stream().map(McsExport.IpFamily::word).forEach(spec.putArray("ipFamilies")::add);
        spec.put("sessionAffinity", it.affinity().isByClient() ? "ClientIP" : "None");
        it.affinity()
                .seconds()
                .ifPresent(seconds -> spec.putObject("sessionAffinityConfig")
                        .putObject("clientIP")
                        .put("timeoutSeconds", seconds));
        maybe(spec, "internalTrafficPolicy", it.internalTrafficPolicy());
        maybe(spec, "trafficDistribution", it.trafficDistribution());
    }

    private static void ports(ObjectNode object, List<McsExport.Port> ports) {
        ArrayNode all = object.putArray("ports");
        for (McsExport.Port port : ports) {
            ObjectNode one = all.addObject();
            maybe(one, "name", port.name());
            one.put("protocol", port.protocol().name()).put("port", port.port());
            maybe(one, "appProtocol", port.appProtocol());
        }
    }

    static String of(ApiWrite.ApplyImportStatus it, String apiVersion) {
        ObjectNode object = object(apiVersion, "ServiceImport", it.name());
        ObjectNode status = object.putObject("status");
        ArrayNode clusters = status.putArray("clusters");
        it.clusters().forEach(cluster -> clusters.addObject().put("cluster", cluster));
        conditions(status, it.conditions());
        return object.toString();
    }

    static String of(ApiWrite.ApplyExportStatus it, String apiVersion) {
        ObjectNode object = object(apiVersion, "ServiceExport", it.name());
        conditions(object.putObject("status"), it.conditions());
        return object.toString();
    }

    static String of(ApiWrite.ApplyPolicyStatus it, String apiVersion) {
        ObjectNode object = object(apiVersion, "ExportPolicy", it.name());
        ObjectNode status =
                object.putObject("status").put("matched", it.matched().count());
        it.matched().services().forEach(status.putArray("services")::add);
        conditions(status, it.conditions());
        return object.toString();
    }

    static String of(ApiWrite.ApplyPeerStatus it, String apiVersion) {
        ObjectNode object = object(apiVersion, "PeerCluster", it.name());
        ObjectNode status = object.putObject("status");
        it.ages().ifPresent(ages -> {
            status.put("lastHeard", ages.heard().toString()).put("services", ages.services());
            ages.listed().ifPresent(at -> status.put("lastListed", at.toString()));
        });
        conditions(status, it.conditions());
        return object.toString();
    }

    private static void conditions(ObjectNode status, List<Condition> conditions) {
        ArrayNode all = status.putArray("conditions");
        for (Condition condition : conditions) {
            all.addObject()
                    .put("type", condition.type())
                    .put("status", condition.status().word())
                    .put("reason", condition.reason())
                    .put("message", condition.message())
                    .put("observedGeneration", condition.generation())
                    .put("lastTransitionTime", condition.since().toString());
        }
    }

    /** @param importVersion of the kind that owns it */
    static String of(ApiWrite.ApplySlice it, String importVersion) {
        ImportedSlice slice = it.slice();
        ObjectNode object = object("discovery.k8s.io/v1", "EndpointSlice", slice.name());
        ObjectNode metadata = object.withObjectProperty("metadata");
        texts(metadata, "labels", slice.labels());
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", importVersion)
                .put("kind", "ServiceImport")
                .put("name", slice.service())
                .put("uid", slice.importUid())
                .put("controller", false);
        object.put("addressType", slice.content().family().word());
        ports(object, slice.content().ports());
        ArrayNode endpoints = object.putArray("endpoints");
        slice.content().endpoints().forEach(endpoint -> endpoint(endpoints.addObject(), endpoint));
        return object.toString();
    }

    private static void endpoint(ObjectNode made, ExportedSlice.Endpoint it) {
        it.addresses().stream().map(IpAddress::toString).forEach(made.putArray("addresses")::add);
        made.putObject("conditions")
                .put("ready", it.isReady())
                .put("serving", it.isServing())
                .put("terminating", it.isTerminating());
        maybe(made, "hostname", it.hostname());
        maybe(made, "zone", it.zone());
    }

    private static ObjectNode object(String apiVersion, String kind, ObjectName name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", apiVersion).put("kind", kind);
        maybe(object.putObject("metadata").put("name", name.name()), "namespace", name.namespace());
        return object;
    }

    private static ObjectNode texts(ObjectNode object, String field, Map<String, String> texts) {
        ObjectNode made = object.putObject(field);
        new TreeMap<>(texts).forEach(made::put);
        return made;
    }

    private static void maybe(ObjectNode object, String field, String text) {
        if (!text.isEmpty()) {
            object.put(field, text);
        }
    }
}
