package io.beringia.scenarios.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Something that is done to every proxy in turn. Owned by the bench's thread. */
interface Measure {
    /** Longer than any round can take, also on a busy machine. */
    Duration PATIENCE = Duration.ofMinutes(2);

    /** By which it is selected. */
    String name();

    /** Whether it says anything about that proxy. */
    boolean fits(Peer peer, Door door);

    /** One round. Throws {@link IOException} where the proxy failed. */
    Map<Figure, Double> take(Running proxy) throws IOException, InterruptedException;

    /** The value, or why there is none. */
    static <T> T await(CompletableFuture<T> value) throws IOException, InterruptedException {
        try {
            return value.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new IOException(String.valueOf(failed.getMessage()), failed);
        } catch (TimeoutException late) {
            throw new IOException("no end within " + PATIENCE.toSeconds() + " s", late);
        }
    }
}
