package io.beringia.scenarios.interop;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where talks of one process wait for each other. Any thread. */
final class Gates {
    /** Longer than any script of these tests takes. */
    private static final int PATIENCE_SECONDS = 100;

    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    /** Waits until a gate was opened as often as its name says: {@code NAME*TIMES}, or once. */
    void pass(String gate) throws InterruptedException {
        if (!latch(gate).await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("gate: " + gate + " (expected: to be opened)");
        }
    }

    void open(String gate) {
        latch(gate).countDown();
    }

    private CountDownLatch latch(String gate) {
        return gates.computeIfAbsent(gate, name -> new CountDownLatch(times(name)));
    }

    private static int times(String gate) {
        return gate.contains("*") ? Integer.parseInt(gate.replaceFirst(".*\\*", "")) : 1;
    }
}
