package io.beringia.discovery.lab;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One object at one resourceVersion. Its JSON is never changed once it is in here; whoever changes takes {@link #copy()}.
 */
record LabObject(ObjectKey key, long version, ObjectNode json) {
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
