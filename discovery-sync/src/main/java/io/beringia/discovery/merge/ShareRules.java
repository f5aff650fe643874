package io.beringia.discovery.merge;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.Workload;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Plan and readiness to the capacities that a ztunnel weighs. Addressed workloads keep a constant; what stands for other
 * clusters is tuned against them, since it serves one service only. A capacity of 0 is never given: it is empty, which
 * means that nothing may be sent. Pure. Any thread.
 */
public final class ShareRules {
    /** Capacity of one ready endpoint of weight 1: fine enough for a share of one in a thousand. */
    public static final long ENDPOINT = 1_000;

    private ShareRules() {}

    /** How a service's clients in our region are to be treated. */
    public sealed interface Split {
        /**
         * No plan, or one that leaves everything at home: ranks by locality, remote ones in reserve.
         *
         * @param reserve what of each remote region is held in reserve
         */
        record LocalFirst(LocalOverrides reserve) implements Split {}

        /** Some stay, some go: one rank for all, by weight. */
        record Mixed(Shares shares, int local) implements Split {}

        /** Nothing stays. */
        record Moved(Shares shares) implements Split {}

        /**
         * All of it in one region, without a reserve anywhere: a service with a single writer.
         *
         * @param home empty while nobody may be sent anywhere
         */
        record Only(Optional<RegionId> home) implements Split {}

        /** Whether clients in that region, which is their own, find nothing of it at home. */
        default boolean isAway(RegionId own) {
            return switch (this) {
                case LocalFirst _, Mixed _ -> false;
                case Moved _ -> true;
                case Only only -> only.isClosed(own);
            };
        }

        /** Whether nobody may be sent to that region at all. */
        default boolean isClosed(RegionId region) {
            return this instanceof Only only && !only.home().equals(Optional.of(region));
        }
    }

    /**
     * @param row with local overrides in it already
     * @param reserve the overrides, for what stands in reserve
     */
    static Split split(Optional<Shares> row, RegionId own, LocalOverrides reserve) {
        if (row.isEmpty() || row.get().of(own) == Shares.WHOLE) {
            return new Split.LocalFirst(reserve);
        }
        int local = row.get().of(own);
        return local == 0 ? new Split.Moved(row.get()) : new Split.Mixed(row.get(), local);
    }

    /**
     * The capacity of what stands for a part of a remote region.
     *
     * @param ready capacity of the endpoints of this part that can serve
     * @param regionReady the same of its whole region, this part included
     * @param localCapacity sum of capacities of the local endpoints that can serve
     */
    public static OptionalLong capacity(
            Split split, RegionId region, long ready, long regionReady, long localCapacity) {
        if (ready == 0) {
            return OptionalLong.empty();
        }
        return switch (split) {
            case Split.LocalFirst first -> reserved(ready, first.reserve().grade(region));
            case Split.Mixed mixed ->
                shared(mixed.shares().of(region), ready, regionReady, mixed.local(), localCapacity);
            case Split.Moved moved -> shared(moved.shares().of(region), ready, regionReady, 0, 0);
            case Split.Only only -> only.isClosed(region) ? OptionalLong.empty() : OptionalLong.of(fit((double) ready));
        };
    }

    private static OptionalLong reserved(long ready, int grade) {
        return grade == 0 ? OptionalLong.empty() : OptionalLong.of(fit((double) ready * grade / Shares.WHOLE));
    }

    /** So much that local capacity and this one stand to each other as their shares do. */
    private static OptionalLong shared(int share, long ready, long regionReady, int local, long localCapacity) {
        if (share == 0) {
            return OptionalLong.empty();
        }
        double part = share * ((double) ready / regionReady);
        return OptionalLong.of(fit(local == 0 || localCapacity == 0 ? part : localCapacity * part / local));
    }

    private static long fit(double capacity) {
        return Math.clamp(Math.round(capacity), 1, Workload.CAPACITY_MAX);
    }
}
