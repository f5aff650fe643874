package io.beringia.discovery.lab;

import java.util.Comparator;

/** Which object: kind, namespace (empty for what belongs to the whole cluster) and name. */
record ObjectKey(LabKind kind, String namespace, String name) implements Comparable<ObjectKey> {
    private static final Comparator<ObjectKey> ORDER = Comparator.comparing(ObjectKey::kind)
            .thenComparing(ObjectKey::namespace)
            .thenComparing(ObjectKey::name);

    ObjectKey {
        if (name.isEmpty() || kind.isNamespaced() == namespace.isEmpty()) {
            throw new IllegalArgumentException(kind.plural() + ": \"" + namespace + "/" + name + "\" (expected: a name"
                    + (kind.isNamespaced() ? ", in a namespace)" : ", in no namespace)"));
        }
    }

    static ObjectKey namespace(String name) {
        return new ObjectKey(LabKind.NAMESPACE, "", name);
    }

    @Override
    public int compareTo(ObjectKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return kind.plural() + " \"" + name + "\"";
    }
}
