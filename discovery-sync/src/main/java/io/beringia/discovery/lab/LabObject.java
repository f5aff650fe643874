package io.beringia.discovery.lab;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One object at one resourceVersion, and what managers applied to it. Its JSON is never changed once it is in here; whoever changes takes {@link #copy()}.
 */
record LabObject(ObjectKey key, long version, ObjectNode json, Map<String, ObjectNode> applied) {
    LabObject {
        applied = Map.copyOf(applied);
    }

    LabObject(ObjectKey key, long version, ObjectNode json) {
        this(key, version, json, Map.of());
    }

    /** What that manager applied last; nothing at first. */
    ObjectNode saidBy(LabWrite.Apply apply) {
        return applied.getOrDefault(owner(apply), JsonText.object());
    }

    LabObject after(LabWrite.Apply apply) {
        Map<String, ObjectNode> next = new HashMap<>(applied);
        next.put(owner(apply), apply.json().deepCopy());
        return new LabObject(key, version, json, next);
    }

    private static String owner(LabWrite.Apply apply) {
        return apply.manager() + "/" + apply.part();
    }

    String uid() {
        return metadata().path("uid").asString("");
    }

    ObjectNode copy() {
        return json.deepCopy();
    }

    JsonNode metadata() {
        return json.path("metadata");
    }

    String label(String name) {
        return metadata().path("labels").path(name).asString("");
    }

    boolean hasLabel(String name) {
        return metadata().path("labels").has(name);
    }

    String annotation(String name) {
        return metadata().path("annotations").path(name).asString("");
    }

    @Override
    public String toString() {
        return key + " at " + version;
    }
}
