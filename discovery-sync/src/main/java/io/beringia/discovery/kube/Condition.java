package io.beringia.discovery.kube;

import java.time.Instant;

/**
 * One condition of an object's status (Kubernetes API conventions).
 *
 * @param since of its status, to the second
 */
public record Condition(String type, Status status, String reason, String message, long generation, Instant since) {
    /** Whether both say the same, whenever they came to it. */
    public boolean saysAs(Condition other) {
        return type.equals(other.type)
                && status == other.status
                && reason.equals(other.reason)
                && message.equals(other.message)
                && generation == other.generation;
    }

    public enum Status {
        TRUE("True"),
        FALSE("False"),
        UNKNOWN("Unknown");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        /** As the API writes it. */
        public String word() {
            return word;
        }
    }
}
