package io.beringia.scenarios.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One gateway from its start to its end, with tunnels through it, while its JVM records what it loads and compiles: the
 * cache with which later ones start (JEP 514, 515).
 */
public final class Rehearsal {
    private static final Suite SUITE = Suite.AES_256;
    private static final int TUNNELS = 16;
    private static final Duration WINDOW = Duration.ofMillis(500);
    private static final long BYTES = 32L << 20;
    /** A second JVM writes the cache, which takes longer than the rehearsal. */
    private static final Duration WRITES_WITHIN = Duration.ofMinutes(3);

    private Rehearsal() {}

    /** In that directory, which exists and is empty. Throws {@link IOException} where no cache came of it. */
    public static void play(Path directory, Path cache) throws IOException, InterruptedException {
        try (Lab lab = Lab.in(directory);
                Backend _ = Backend.listen(List.of(LabConfigs.BACKEND));
                Client client = new Client(lab.tls(SUITE))) {
            Running gateway = new Peer.Ours(List.of("-XX:AOTCacheOutput=" + cache)).start(lab);
            Readiness.await(client, gateway);
            for (Measure act : acts(client)) {
                act.take(gateway);
            }
            String name = gateway.peer().name();
            if (!lab.children().end(name, WRITES_WITHIN) || !Files.exists(cache)) {
                throw new IOException(
                        "AOT cache: none was written, see " + lab.children().log(name));
            }
        }
    }

    private static List<Measure> acts(Client client) {
        return List.of(
                new Opens(client, SUITE, Opens.Outer.COLD, WINDOW),
                new Opens(client, SUITE, Opens.Outer.WARM, WINDOW),
                new Messages(client, SUITE, TUNNELS, WINDOW),
                new Throughput(client, SUITE, Throughput.Way.UP, TUNNELS, BYTES),
                new Throughput(client, SUITE, Throughput.Way.DOWN, TUNNELS, BYTES));
    }
}
