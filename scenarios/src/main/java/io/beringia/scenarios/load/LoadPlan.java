package io.beringia.scenarios.load;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * One open-loop client: it starts a connection at fixed times, whether or not earlier ones have ended.
 *
 * @param client its name in requests, unique over all clients
 * @param service what it asks for, for the report
 * @param region where the client lives
 * @param target the local listener of its host proxy
 * @param caller the SPIFFE ID that the server must have verified
 * @param perSecond new connections a second, 1 to 1,000
 * @param deadline after which an unanswered connection has failed
 */
public record LoadPlan(
        String client,
        String service,
        String region,
        InetSocketAddress target,
        String caller,
        int perSecond,
        Duration deadline) {
    private static final int PER_SECOND_MAX = 1_000;

    public LoadPlan {
        if (perSecond < 1 || perSecond > PER_SECOND_MAX) {
            throw new IllegalArgumentException("load " + client + ": " + perSecond + " a second (expected: 1..1000)");
        }
    }

    /** When connection number {@code sequence} starts, counted from the start of the load. */
    public long startNanos(long sequence) {
        return sequence * 1_000_000_000L / perSecond;
    }
}
