package io.beringia.discovery.kube;

import java.util.Comparator;

/** Namespace (empty for what belongs to the whole cluster) and name. */
public record ObjectName(String namespace, String name) implements Comparable<ObjectName> {
    private static final Comparator<ObjectName> ORDER =
            Comparator.comparing(ObjectName::namespace).thenComparing(ObjectName::name);

    @Override
    public int compareTo(ObjectName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
