package io.beringia.discovery.mcs;

/** What clusters may disagree about (reasons of the condition {@code Conflict}, KEP-1645), in order of weight. */
public enum ConflictReason {
    TYPE("TypeConflict", "type"),
    PORTS("PortConflict", "ports"),
    SESSION_AFFINITY("SessionAffinityConflict", "session affinity"),
    SESSION_AFFINITY_CONFIG("SessionAffinityConfigConflict", "session affinity config"),
    INTERNAL_TRAFFIC_POLICY("InternalTrafficPolicyConflict", "internal traffic policy"),
    TRAFFIC_DISTRIBUTION("TrafficDistributionConflict", "traffic distribution"),
    LABELS("LabelsConflict", "labels"),
    ANNOTATIONS("AnnotationsConflict", "annotations"),
    IP_FAMILIES("IPFamilyConflict", "IP families");

    private final String word;
    private final String property;

    ConflictReason(String word, String property) {
        this.word = word;
        this.property = property;
    }

    /** As the API writes it. */
    String word() {
        return word;
    }

    /** For people. */
    String property() {
        return property;
    }
}
