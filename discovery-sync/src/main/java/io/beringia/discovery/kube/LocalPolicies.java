package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.Policy;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one cluster's data planes enforce at layer 4.
 *
 * @param policies in order of key; each that a workload of the same part names is among them
 * @param rulings on each AuthorizationPolicy
 */
public record LocalPolicies(List<Policy> policies, SortedMap<ObjectName, Ruling> rulings) {
    public static final LocalPolicies NONE = new LocalPolicies(List.of(), new TreeMap<>());

    public LocalPolicies {
        policies = List.copyOf(policies);
        rulings = Collections.unmodifiableSortedMap(new TreeMap<>(rulings));
    }

    /** @param remarks what its author should know; from outside, to be escaped before anybody prints them */
    public record Ruling(Standing standing, List<String> remarks) {
        public Ruling {
            remarks = List.copyOf(remarks);
        }
    }

    /** What became of an AuthorizationPolicy. */
    public enum Standing {
        /** It is enforced as it is. */
        ENFORCED("enforced"),
        /** It is enforced more strictly than it asks for. */
        STRICTER("stricter"),
        /** Its target is a waypoint's business. */
        FOR_WAYPOINTS("for-waypoints"),
        /** It restricts nobody. */
        NOT_ENFORCED("not-enforced");

        private final String word;

        Standing(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
