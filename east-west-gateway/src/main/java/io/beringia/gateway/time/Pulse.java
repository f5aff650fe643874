package io.beringia.gateway.time;

/**
 * What the kernel says of one thread at one moment.
 *
 * @param runnable whether it runs or waits for a processor; otherwise it sleeps or is blocked
 * @param cpuMillis that it has used in its life
 */
record Pulse(boolean runnable, long cpuMillis) {
    /** Where the kernel cannot be asked, a thread that does not turn is taken for blocked. */
    static final Pulse UNKNOWN = new Pulse(false, 0);
}
