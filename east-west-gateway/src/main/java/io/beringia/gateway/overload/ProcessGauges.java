package io.beringia.gateway.overload;

import io.beringia.gateway.limits.DirectMemory;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.function.Supplier;

/** What this process has and uses. Owned by whoever looks. */
public final class ProcessGauges implements Supplier<Shortage> {
    /** To count 20,000 descriptors takes 7 ms; what happens between two counts, {@link Descriptors#isReserved} sees. */
    private static final int LOOKS_A_COUNT = 10;

    private final Supplier<Duration> loopLag;
    private int looks;
    private long descriptors;

    public ProcessGauges(Supplier<Duration> loopLag) {
        this.loopLag = loopLag;
    }

    @Override
    public Shortage get() {
        return new Shortage(
                DirectMemory.usedBytes(),
                DirectMemory.maxBytes(),
                heapAfterCollection(),
                Runtime.getRuntime().maxMemory(),
                descriptors(),
                Descriptors.max(),
                loopLag.get());
    }

    private long descriptors() {
        if (looks++ % LOOKS_A_COUNT == 0) {
            descriptors = Descriptors.used();
        }
        return descriptors;
    }

    /** What lives: before a collection a heap is full of what nobody needs. */
    private static long heapAfterCollection() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(ProcessGauges::afterCollection)
                .sum();
    }

    private static long afterCollection(MemoryPoolMXBean pool) {
        MemoryUsage usage = pool.getCollectionUsage();
        return usage == null ? 0 : usage.getUsed();
    }
}
