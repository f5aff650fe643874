package io.beringia.trust.authority;

import io.beringia.trust.pki.Pem;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** istiod would ignore it, part of the mesh would lose the other, or somebody else's work would be lost. */
    record Refuse(String why) implements CacertsChange {}

    /**
     * The Secret as it stands.
     *
     * @param files text by name; never shown
     * @param recorded the SHA-256 of each file when we wrote it, by name; empty where we never did
     */
    record Existing(
            Map<String, String> files, Map<String, String> recorded, String resourceVersion, boolean isImmutable) {
        public Existing {
            files = Map.copyOf(files);
            recorded = Map.copyOf(recorded);
        }

        /** Files that somebody else changed, added or took away since we wrote them. */
        public Set<String> drift() {
            Map<String, String> found = PlugInCa.checksums(files);
            return recorded.isEmpty()
                    ? Set.of()
                    : Stream.concat(found.keySet().stream(), recorded.keySet().stream())
                            .filter(name -> !Objects.equals(found.get(name), recorded.get(name)))
                            .collect(Collectors.toCollection(TreeSet::new));
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

    /** What becomes of what somebody else changed since we wrote it. */
    enum Drift {
        /** It stays, whoever that was had a reason. */
        KEPT,
        /** The operator has looked at it. */
        OVERWRITTEN
    }

    /**
     * istiod takes another set of roots only where it is told that there may be several, and only where one set holds the
     * other: first both roots, then the new one.
     *
     * @param isMultiRoot every istiod has {@code ISTIO_MULTIROOT_MESH=true}
     */
    static CacertsChange of(Optional<Existing> existing, PlugInCa wanted, boolean isMultiRoot, Drift drift) {
        if (existing.isEmpty()) {
            return new Create();
        }
        Existing now = existing.get();
        boolean hasDrifted = !now.drift().isEmpty();
        if (now.files().equals(wanted.files()) && !hasDrifted) {
            return new Rest();
        }
        if (now.isImmutable()) {
            return new Refuse("cacerts: immutable (expected: a Secret that may change)");
        }
        if (hasDrifted && drift == Drift.KEPT && !now.files().equals(wanted.files())) {
            return new Refuse("cacerts: " + String.join(", ", now.drift())
                    + " changed since it was written here (expected: as we left it)");
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
