package io.beringia.gateway.overload;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import java.lang.management.ManagementFactory;

/** The files that this process may open, and has open. Any thread. */
public final class Descriptors {
    /** Kept for the admin port, logs, and whatever the JVM opens. */
    static final int RESERVED = 64;

    private static final long MAX =
            ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getMaxFileDescriptorCount()
                    : Long.MAX_VALUE;

    private Descriptors() {}

    static long max() {
        return MAX;
    }

    /** To count them takes one: where that fails, all are in use. */
    static long used() {
        try {
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getOpenFileDescriptorCount()
                    : 0;
        } catch (InternalError none) {
            return MAX;
        }
    }

    /**
     * Whether this socket took one that is kept for others. The kernel hands out the lowest that is free, so its number
     * says how many are in use, between two looks of the watch too.
     */
    public static boolean isReserved(Channel socket) {
        return socket instanceof UnixChannel unix && unix.fd().intValue() >= Math.max(1, MAX - RESERVED);
    }
}
