package io.beringia.gateway.limits;

import io.netty.util.internal.PlatformDependent;

/** The memory outside the heap that this process may use and uses, by Netty's own counter. Any thread. */
public final class DirectMemory {
    private DirectMemory() {}

    /** -XX:MaxDirectMemorySize, or as much as the heap where that is not set. */
    public static long maxBytes() {
        return PlatformDependent.maxDirectMemory();
    }

    public static long usedBytes() {
        return Math.max(0, PlatformDependent.usedDirectMemory());
    }
}
