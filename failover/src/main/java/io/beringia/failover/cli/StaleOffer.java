package io.beringia.failover.cli;

import io.beringia.failover.zookeeper.Ensemble;
import io.beringia.failover.zookeeper.PlanStore;
import io.beringia.failover.zookeeper.Term;
import io.beringia.failover.zookeeper.ZooKeeperPlans;
import java.io.IOException;
import java.time.Duration;

/**
 * Offers the standing plan once more under the epoch before the last, as a leader would that slept through its end: for
 * drills that show that such a write is refused.
 */
public final class StaleOffer {
    private static final Duration SESSION = Duration.ofSeconds(4);

    private StaleOffer() {}

    /**
     * Whether it was refused, as it must be; the plan itself is not changed either way. Throws where ZooKeeper cannot be
     * asked or holds no plan.
     *
     * @param epoch of the leader that is in office
     */
    public static boolean isRefused(String connect, String mesh, long epoch) throws IOException, InterruptedException {
        try (Ensemble ensemble = Ensemble.connect(connect, SESSION, mesh)) {
            PlanStore store = new ZooKeeperPlans(ensemble);
            PlanStore.Stored stored =
                    store.read().orElseThrow(() -> new IOException("plan: none (expected: what the leader wrote)"));
            byte[] bytes = new byte[stored.plan().remaining()];
            stored.plan().duplicate().get(bytes);
            Term before = new Term(epoch - 1, (int) (epoch - 1), System.nanoTime() + SESSION.toNanos(), SESSION);
            return store.write(before, bytes, stored.version()) instanceof PlanStore.Outcome.Refused;
        }
    }
}
