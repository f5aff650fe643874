package io.beringia.trust.rotation;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What goes wrong in one schedule, all of it from its number. */
final class Troubles {
    /** One kind of trouble. A schedule has some of them, and those often. */
    enum Kind {
        DATA_PLANE_UNOBSERVED,
        CLUSTER_UNOBSERVED,
        INVENTORY_STALLS,
        ISSUER_UNOBSERVED,
        NODE_CUT_OFF,
        STREAM_STALLS,
        DATA_PLANE_RESTARTS,
        DATA_PLANE_IS_BORN,
        ORDER_LOST,
        ORDER_LATE,
        CLUSTER_REFUSES_ORDERS,
        RIGHTS_WITHDRAWN,
        ISSUER_LAGS,
        SERVING_LAGS,
        NAMESPACE_LAGS,
        PARTNER_CUT_OFF,
        LOOP_CRASHES,
        STORE_FAILS,
        OPERATOR_ROLLS_BACK,
        DATA_PLANE_CANNOT_VERIFY,
        CANDIDATE_ENDS_SOON,
        THIRD_ROOT
    }

    private static final Set<Kind> ONCE =
            EnumSet.of(Kind.DATA_PLANE_CANNOT_VERIFY, Kind.CANDIDATE_ENDS_SOON, Kind.THIRD_ROOT);

    private long state;
    private final Map<Kind, Integer> perThousand = new EnumMap<>(Kind.class);

    Troubles(long seed) {
        state = seed;
        for (Kind kind : Kind.values()) {
            boolean hasIt = oneIn(ONCE.contains(kind) ? 20 : 3);
            perThousand.put(kind, hasIt ? 1 + upTo(39) : 0);
        }
    }

    boolean has(Kind kind) {
        return perThousand.getOrDefault(kind, 0) > 0;
    }

    /** Whether it begins now. */
    boolean strikes(Kind kind) {
        int often = perThousand.getOrDefault(kind, 0);
        return often > 0 && below(1_000) < often;
    }

    boolean oneIn(int n) {
        return below(n) == 0;
    }

    /** 0 to {@code most}. */
    int upTo(int most) {
        return below(most + 1);
    }

    /** How long it lasts, in seconds: mostly a few steps, at times longer than any leaf. */
    int lasting() {
        return oneIn(3) ? upTo(800) : upTo(120);
    }

    /** SplitMix64: as good as the JDK's own, and many times faster where nothing is inlined. */
    private int below(int bound) {
        state += 0x9E3779B97F4A7C15L;
        long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return (int) (((mixed ^ (mixed >>> 31)) >>> 33) * bound >>> 31);
    }
}
