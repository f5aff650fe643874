package io.beringia.discovery.lab;

/** What came of one write. */
sealed interface LabAnswer {
    /** The object as it stands now, or as it last stood when it was deleted. */
    record Stored(LabObject object) implements LabAnswer {}

    /** Nothing to show: manifests were taken over, or the history forgotten. */
    record Done() implements LabAnswer {}

    record Refused(Refusal why, String message) implements LabAnswer {
        static Refused notFound(ObjectKey key) {
            return new Refused(Refusal.NOT_FOUND, key + " not found");
        }
    }
}
