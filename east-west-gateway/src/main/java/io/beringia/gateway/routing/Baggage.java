package io.beringia.gateway.routing;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the {@code baggage} of a CONNECT calls its sender ({@code istio/ztunnel src/baggage.rs}): {@code key=value} joined by
 * commas, without escapes. Foreign text of any length, for logs alone; empty where it says nothing. Pure.
 */
public record Baggage(String cluster, String namespace, String workload) {
    public static final Baggage NONE = new Baggage("", "", "");

    private static final int MEMBERS_MAX = 32;
    private static final String CLUSTER = "k8s.cluster.name";
    private static final String NAMESPACE = "k8s.namespace.name";
    /** The type of the workload stands in between. */
    private static final String PREFIX = "k8s.";

    private static final String SUFFIX = ".name";

    /** Never throws: what cannot be read is not there, as is whatever stands behind many members. */
    public static Baggage parse(String text) {
        List<String> members =
                Stream.of(text.split(",", MEMBERS_MAX + 1)).limit(MEMBERS_MAX).toList();
        return new Baggage(
                first(members, CLUSTER::equals),
                first(members, NAMESPACE::equals),
                first(
                        members,
                        key -> key.startsWith(PREFIX)
                                && key.endsWith(SUFFIX)
                                && !key.equals(CLUSTER)
                                && !key.equals(NAMESPACE)));
    }

    private static String first(List<String> members, Predicate<String> key) {
        return members.stream()
                .map(String::strip)
                .flatMap(member -> value(member, key))
                .findFirst()
                .orElse("");
    }

    private static Stream<String> value(String member, Predicate<String> key) {
        int equals = member.indexOf('=');
        return equals > 0 && key.test(member.substring(0, equals))
                ? Stream.of(member.substring(equals + 1))
                : Stream.empty();
    }
}
