package io.beringia.trust.rotation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Roots of the simulated mesh as bits, for it asks millions of times. */
final class Roots {
    static final int NONE = 0;
    /** The one that is replaced. */
    static final int OLD = 1;
    /** The one that replaces it. */
    static final int NEW = 2;
    /** One that somebody has put into a cluster by hand. */
    static final int THIRD = 4;

    private static final List<RootId> IDS = List.of(SeenMesh.OLD, SeenMesh.NEW, SeenMesh.root('c'));
    private static final List<Set<RootId>> SETS =
            List.of(set(0), set(1), set(2), set(3), set(4), set(5), set(6), set(7));

    private Roots() {}

    static Set<RootId> ids(int bits) {
        return SETS.get(bits);
    }

    static RootId id(int bit) {
        return IDS.get(Integer.numberOfTrailingZeros(bit));
    }

    static int bit(RootId id) {
        return 1 << IDS.indexOf(id);
    }

    static int bits(Set<RootId> ids) {
        int bits = NONE;
        for (RootId id : ids) {
            bits |= bit(id);
        }
        return bits;
    }

    private static Set<RootId> set(int bits) {
        Set<RootId> ids = new HashSet<>();
        for (int i = 0; i < IDS.size(); i++) {
            if ((bits >> i & 1) == 1) {
                ids.add(IDS.get(i));
            }
        }
        return Set.copyOf(ids);
    }
}
