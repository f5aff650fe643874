package io.beringia.scenarios.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits until a proxy carries its first byte to the backend and back. */
final class Readiness {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final Duration ATTEMPT = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private Readiness() {}

    static void await(Client client, Running proxy) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + WITHIN.toNanos();
        String why = "nothing tried";
        while (System.nanoTime() < deadline && proxy.isAlive()) {
            try {
                Opening.one(client, proxy.door()).get(ATTEMPT.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (ExecutionException | TimeoutException notYet) {
                why = String.valueOf(notYet.getMessage());
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        }
        throw new IOException(proxy.peer().name() + ": not ready, " + why + " (expected: within " + WITHIN.toSeconds()
                + " s), see " + proxy.children().log(proxy.names().getFirst()));
    }
}
