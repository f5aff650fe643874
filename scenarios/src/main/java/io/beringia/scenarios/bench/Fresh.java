package io.beringia.scenarios.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A proxy from its start: until it carries its first byte, what it holds when it does nothing, and what each tunnel adds
 * that does nothing either. Owned by the bench's thread.
 */
record Fresh(Client client, Lab lab, int tunnels) {
    static final String NAME = "start-and-memory";
    private static final Figure READY = new Figure("start-to-ready", "ms", Figure.Better.LESS);
    private static final Figure RESIDENT = new Figure("resident-idle", "MiB", Figure.Better.LESS);
    private static final Figure TUNNEL = new Figure("resident-per-idle-tunnel", "B", Figure.Better.LESS);
    /** Longer than our launcher lets a process keep what it has freed. */
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(6);

    private static final double MIB = 1 << 20;
    private static final int TUNNELS_EACH = 100;

    Map<Figure, Double> take(Peer peer) throws IOException, InterruptedException {
        peer.prepare(lab);
        long start = System.nanoTime();
        try (Running proxy = peer.start(lab)) {
            Readiness.await(client, proxy);
            Map<Figure, Double> taken = new LinkedHashMap<>();
            taken.put(READY, (double) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            long idle = settled(proxy);
            taken.put(RESIDENT, idle / MIB);
            if (proxy.door().isShared()) {
                taken.put(TUNNEL, (double) (withTunnels(proxy) - idle) / tunnels);
            }
            return taken;
        }
    }

    /** One connection after the other, as clients come. */
    private long withTunnels(Running proxy) throws IOException, InterruptedException {
        List<Client.Tunnels> open = new ArrayList<>();
        try {
            for (int i = 0; i < tunnels / TUNNELS_EACH; i++) {
                open.add(Measure.await(client.open(proxy.door(), 1, TUNNELS_EACH)));
            }
            return settled(proxy);
        } finally {
            open.forEach(Client.Tunnels::close);
        }
    }

    private static long settled(Running proxy) throws IOException, InterruptedException {
        TimeUnit.NANOSECONDS.sleep(SETTLES_WITHIN.toNanos());
        return proxy.residentBytes();
    }
}
