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
    private final Supplier<Duration> loopLag;

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
                Descriptors.used(),
                Descriptors.max(),
                loopLag.get());
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
