package io.beringia.trust.authority;

import io.beringia.trust.pki.Pem;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What to do with the Secret {@code cacerts} of a cluster, in one write that carries all files. Pure. */
public sealed interface CacertsChange {
    /** There is none yet. */
    record Create() implements CacertsChange {}

    /** It is what it should be. */
    record Rest() implements CacertsChange {}

    /**
     * Take its place if nobody else did meanwhile.
     *
     * @param resourceVersion of the one that was looked at
     */
    record Replace(String resourceVersion) implements CacertsChange {}

    /** istiod would ignore it, or part of the mesh would lose the other. */
    record Refuse(String why) implements CacertsChange {}

    /**
     * The Secret as it stands.
     *
     * @param files text by name; never shown
     */
    record Existing(Map<String, String> files, String resourceVersion, boolean isImmutable) {
        public Existing {
            files = Map.copyOf(files);
        }

        /** istiod's second layout keeps its one root in {@code ca.crt}. */
        private Optional<Set<String>> roots() {
            return Optional.ofNullable(files.getOrDefault(PlugInCa.ROOTS, files.get("ca.crt")))
                    .map(Pem::certificates)
                    .map(PlugInCa::setOf);
        }

        @Override
        public String toString() {
            return "Existing[" + resourceVersion + ", " + files.keySet() + "]";
        }
    }

    /**
     * istiod takes another set of roots only where it is told that there may be several, and only where one set holds the
     * other: first both roots, then the new one.
     *
     * @param isMultiRoot every istiod has {@code ISTIO_MULTIROOT_MESH=true}
     */
    static CacertsChange of(Optional<Existing> existing, PlugInCa wanted, boolean isMultiRoot) {
        if (existing.isEmpty()) {
            return new Create();
        }
        Existing now = existing.get();
        if (now.files().equals(wanted.files())) {
            return new Rest();
        }
        if (now.isImmutable()) {
            return new Refuse("cacerts: immutable (expected: a Secret that may change)");
        }
        Set<String> before;
        try {
            before = now.roots().orElseGet(Set::of);
        } catch (IllegalArgumentException noise) {
            return new Refuse("cacerts: its roots are unreadable, " + noise.getMessage()
                    + " (expected: what istiod trusts now; look at it first)");
        }
        if (now.files().containsKey(PlugInCa.LISTS) && !wanted.files().containsKey(PlugInCa.LISTS)) {
            return new Refuse(
                    PlugInCa.LISTS + ": in force there and missing here, whom it takes back would be trusted again"
                            + " (expected: the file beside the root)");
        }
        Set<String> after = wanted.rootSet();
        if (!isMultiRoot && !before.equals(after)) {
            return new Refuse("root-cert.pem: other roots, and istiod would ignore them without a word"
                    + " (expected: ISTIO_MULTIROOT_MESH=true at istiod)");
        }
        if (!before.containsAll(after) && !after.containsAll(before)) {
            return new Refuse("root-cert.pem: none of the roots in force is kept"
                    + " (expected: first old and new roots together, then the new ones alone)");
        }
        return new Replace(now.resourceVersion());
    }
}
