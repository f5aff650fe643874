package io.beringia.discovery.lab;

import java.util.List;
import java.util.Optional;

/** Which objects a list or a watch is about. An empty namespace is all of them. */
record LabSelection(LabKind kind, String namespace, List<Requirement> requirements) {
    LabSelection {
        requirements = List.copyOf(requirements);
    }

    /** @throws IllegalArgumentException if a selector cannot be read */
    static LabSelection parse(LabKind kind, String namespace, Optional<String> labels, Optional<String> fields) {
        return new LabSelection(
                kind,
                namespace,
                List.of(Requirement.ofLabels(labels.orElse("")), Requirement.ofFields(fields.orElse(""))));
    }

    boolean contains(LabObject object) {
        return object.key().kind() == kind
                && (namespace.isEmpty() || namespace.equals(object.key().namespace()))
                && requirements.stream().allMatch(one -> one.isMetBy(object));
    }
}
