package io.beringia.discovery.lab;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What an API server adds to an object that is stored, and what it does not let a writer change. Pure. */
final class LabDefaults {
    private static final List<String> IDENTITY =
            List.of("uid", "creationTimestamp", "resourceVersion", "name", "namespace");

    private LabDefaults() {}

    /** A copy of {@code json} as it is first stored. */
    static ObjectNode fresh(ObjectKey key, ObjectNode json, Instant now) {
        ObjectNode made = json.objectNode();
        made.put("apiVersion", key.kind().apiVersion()).put("kind", key.kind().kind());
        made.set("metadata", metadata(key, json.path("metadata"), now));
        json.properties().forEach(field -> {
            if (!made.has(field.getKey())) {
                made.set(field.getKey(), field.getValue().deepCopy());
            }
        });
        addKindDefaults(key, made);
        return made;
    }

    /** {@code wanted} laid over {@code old}: identity stays, and so does the part that this write may not touch. */
    static ObjectNode changed(LabObject old, LabWrite.Part part, ObjectNode wanted) {
        return switch (part) {
            case STATUS -> setStatus(old.copy(), wanted.path("status"));
            case WHOLE -> {
                ObjectNode next = wanted.deepCopy();
                next.put("apiVersion", old.key().kind().apiVersion())
                        .put("kind", old.key().kind().kind());
                keepIdentity(old, next);
                if (old.key().kind().hasStatusSubresource()) {
                    setStatus(next, old.json().path("status"));
                }
                yield next;
            }
        };
    }

    static void keepIdentity(LabObject old, ObjectNode next) {
        ObjectNode metadata = next.withObjectProperty("metadata");
        metadata.remove("managedFields");
        for (String field : IDENTITY) {
            JsonNode value = old.metadata().path(field);
            if (value.isMissingNode()) {
                metadata.remove(field);
            } else {
                metadata.set(field, value);
            }
        }
    }

    static ObjectNode setStatus(ObjectNode object, JsonNode status) {
        if (status.isMissingNode()) {
            object.remove("status");
        } else {
            object.set("status", status.deepCopy());
        }
        return object;
    }

    /** It was asked to end at that moment, and has no time for it. */
    static ObjectNode ending(LabObject object, Instant now) {
        ObjectNode json = object.copy();
        json.withObjectProperty("metadata")
                .put("deletionTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("deletionGracePeriodSeconds", 0);
        return json;
    }

    private static ObjectNode metadata(ObjectKey key, JsonNode given, Instant now) {
        ObjectNode metadata = given instanceof ObjectNode object ? object.deepCopy() : JsonText.object();
        metadata.remove(List.of("managedFields", "generateName", "selfLink"));
        metadata.put("name", key.name());
        if (key.kind().isNamespaced()) {
            metadata.put("namespace", key.namespace());
        }
        String created = now.truncatedTo(ChronoUnit.SECONDS).toString();
        metadata.put("creationTimestamp", created);
        metadata.put(
                "uid",
                UUID.nameUUIDFromBytes((key.kind() + "/" + key.namespace() + "/" + key.name() + "/" + now)
                                .getBytes(StandardCharsets.UTF_8))
                        .toString());
        return metadata;
    }

    private static void addKindDefaults(ObjectKey key, ObjectNode made) {
        switch (key.kind()) {
            case NAMESPACE -> {
                made.withObjectProperty("metadata")
                        .withObjectProperty("labels")
                        .put("kubernetes.io/metadata.name", key.name());
                made.withObjectProperty("status").put("phase", "Active");
            }
            case POD -> {
                if (!made.path("status").has("phase")) {
                    made.withObjectProperty("status").put("phase", "Pending");
                }
            }
            case SERVICE -> addServiceDefaults(made);
            case NODE,
                    CONFIG_MAP,
                    SERVICE_ACCOUNT,
                    LEASE,
                    ENDPOINT_SLICE,
                    CUSTOM_RESOURCE_DEFINITION,
                    SERVICE_EXPORT,
                    SERVICE_IMPORT,
                    AUTHORIZATION_POLICY,
                    PEER_AUTHENTICATION,
                    GATEWAY,
                    GATEWAY_CLASS,
                    SERVICE_ENTRY,
                    WORKLOAD_ENTRY,
                    EXPORT_POLICY,
                    PEER_CLUSTER -> {}
        }
    }

    private static void addServiceDefaults(ObjectNode service) {
        ObjectNode spec = service.withObjectProperty("spec");
        addIfMissing(spec, "type", "ClusterIP");
        addIfMissing(spec, "sessionAffinity", "None");
        for (JsonNode one : spec.path("ports")) {
            if (one instanceof ObjectNode port) {
                addIfMissing(port, "protocol", "TCP");
            }
        }
        if (!spec.path("type").asString("").equals("ExternalName")) {
            addIfMissing(spec, "internalTrafficPolicy", "Cluster");
            addIfMissing(spec, "ipFamilyPolicy", "SingleStack");
            addIpDefaults(spec, spec.path("clusterIP").asString(""));
        }
    }

    private static void addIpDefaults(ObjectNode spec, String ip) {
        if (!ip.isEmpty() && !spec.has("clusterIPs")) {
            spec.putArray("clusterIPs").add(ip);
        }
        if (!spec.has("ipFamilies")) {
            spec.putArray("ipFamilies").add(ip.contains(":") ? "IPv6" : "IPv4");
        }
    }

    private static void addIfMissing(ObjectNode object, String field, String value) {
        if (!object.has(field)) {
            object.put(field, value);
        }
    }
}
