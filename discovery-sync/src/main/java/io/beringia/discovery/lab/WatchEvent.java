package io.beringia.discovery.lab;

import tools.jackson.databind.node.ObjectNode;

/** One line of a watch (Kubernetes {@code meta/v1 WatchEvent}). */
record WatchEvent(Type type, ObjectNode object) {
    enum Type {
        ADDED,
        MODIFIED,
        DELETED,
        BOOKMARK,
        ERROR
    }
}
