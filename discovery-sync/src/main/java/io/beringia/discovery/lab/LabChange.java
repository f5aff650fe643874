package io.beringia.discovery.lab;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What happened to one object: absent before is a creation, absent after a deletion. */
record LabChange(long version, Optional<LabObject> before, Optional<LabObject> after) {
    ObjectKey key() {
        return after.or(() -> before).orElseThrow().key();
    }

    /** How a watch with that selector sees it: leaving the selection is a deletion, entering it an addition. */
    Optional<WatchEvent> seenBy(LabSelection selection) {
        Optional<LabObject> old = before.filter(selection::contains);
        Optional<LabObject> now = after.filter(selection::contains);
        if (now.isPresent()) {
            return Optional.of(new WatchEvent(
                    old.isPresent() ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED,
                    now.get().json()));
        }
        return old.map(gone -> new WatchEvent(WatchEvent.Type.DELETED, atVersion(after.orElse(gone))));
    }

    /** A deletion carries the last object at the version of the deletion. */
    private ObjectNode atVersion(LabObject last) {
        ObjectNode json = last.copy();
        json.withObjectProperty("metadata").put("resourceVersion", Long.toString(version));
        return json;
    }
}
