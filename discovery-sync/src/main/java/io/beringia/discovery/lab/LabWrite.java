package io.beringia.discovery.lab;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Everything that may change the state of the lab. */
sealed interface LabWrite {
    record Create(ObjectKey key, ObjectNode json) implements LabWrite {}

    record Replace(ObjectKey key, Part part, ObjectNode json) implements LabWrite {}

    record Change(ObjectKey key, Part part, PatchRules rules, JsonNode patch) implements LabWrite {}

    /**
     * Server-side apply by one manager: a creation where there is nothing yet. What it said the last time and says no
     * longer is taken away.
     */
    record Apply(ObjectKey key, Part part, String manager, ObjectNode json) implements LabWrite {}

    /** Only the object of that uid and that version, where they are given. */
    record Delete(ObjectKey key, Optional<String> uid, Optional<String> version) implements LabWrite {
        Delete(ObjectKey key) {
            this(key, Optional.empty(), Optional.empty());
        }
    }

    /** What the directory says anew, and what it no longer says. What only the API created stays. */
    record Manifests(Map<ObjectKey, ObjectNode> said, List<ObjectKey> gone) implements LabWrite {
        public Manifests {
            said = Map.copyOf(said);
            gone = List.copyOf(gone);
        }
    }

    /** Forgets the history, as etcd does every few minutes: older watches must list again. */
    record Compact() implements LabWrite {}

    /** Everything is as it was then, the version, too. */
    record Restore(LabState then) implements LabWrite {}

    /** Which part of an object a write may touch. */
    enum Part {
        WHOLE,
        STATUS
    }
}
