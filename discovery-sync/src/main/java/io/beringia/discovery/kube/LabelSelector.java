package io.beringia.discovery.kube;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which labels are meant (Kubernetes {@code meta/v1 LabelSelector}): all of what it asks for must hold. */
public record LabelSelector(Map<String, String> labels, List<Requirement> requirements) {
    /** Asks for nothing. */
    public static final LabelSelector EVERYTHING = new LabelSelector(Map.of(), List.of());

    public LabelSelector {
        labels = Map.copyOf(labels);
        requirements = List.copyOf(requirements);
    }

    public boolean matches(Map<String, String> of) {
        return of.entrySet().containsAll(labels.entrySet())
                && requirements.stream().allMatch(one -> one.holds(of));
    }

    /** @param values of In and NotIn; empty for the others */
    public record Requirement(String key, Operator operator, Set<String> values) {
        public Requirement {
            values = Set.copyOf(values);
        }

        /** A label that is not there is in no set. */
        boolean holds(Map<String, String> of) {
            return switch (operator) {
                case IN -> of.containsKey(key) && values.contains(of.getOrDefault(key, ""));
                case NOT_IN -> !of.containsKey(key) || !values.contains(of.getOrDefault(key, ""));
                case EXISTS -> of.containsKey(key);
                case DOES_NOT_EXIST -> !of.containsKey(key);
            };
        }
    }

    public enum Operator {
        IN("In"),
        NOT_IN("NotIn"),
        EXISTS("Exists"),
        DOES_NOT_EXIST("DoesNotExist");

        private final String word;

        Operator(String word) {
            this.word = word;
        }

        /** As the API writes it. */
        String word() {
            return word;
        }

        boolean hasValues() {
            return this == IN || this == NOT_IN;
        }
    }
}
