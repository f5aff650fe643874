package io.beringia.scenarios.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Tunnels that are opened, carry one byte and end, for each second of processor time. */
record Opens(Client client, Suite suite, Outer outer, Duration window) implements Measure {
    private static final int LINES = 4;
    private static final int UNDER_WAY_WARM = 32;
    private static final int UNDER_WAY_COLD = 8;

    /** The connection around a tunnel. */
    enum Outer {
        /** It stands, others go through it too. */
        WARM,
        /** It is made for this tunnel, with a full handshake. */
        COLD
    }

    @Override
    public String name() {
        return "opens-" + outer.name().toLowerCase(Locale.ROOT) + "-" + suite.word();
    }

    @Override
    public boolean fits(Peer peer, Door door) {
        return outer == Outer.COLD || door.isShared();
    }

    @Override
    public Map<Figure, Double> take(Running proxy) throws IOException, InterruptedException {
        List<Client.Line> lines = new ArrayList<>();
        for (int i = 0; i < (outer == Outer.WARM ? LINES : 0); i++) {
            lines.add(Measure.await(client.line(proxy.door())));
        }
        try {
            double before = proxy.cpuSeconds();
            long opened = Measure.await(began(proxy.door(), lines));
            double spent = proxy.cpuSeconds() - before;
            return Map.of(new Figure(name(), "1/CPU s", Figure.Better.MORE), opened / spent);
        } finally {
            client.loop().execute(() -> lines.forEach(Client.Line::close));
        }
    }

    private CompletableFuture<Long> began(Door door, List<Client.Line> lines) {
        Chain chain = new Chain();
        client.loop().execute(() -> {
            switch (outer) {
                case WARM -> {
                    for (int i = 0; i < UNDER_WAY_WARM; i++) {
                        Client.Line line = lines.get(i % LINES);
                        chain.next(() -> Opening.on(line));
                    }
                }
                case COLD -> {
                    for (int i = 0; i < UNDER_WAY_COLD; i++) {
                        chain.next(() -> Opening.one(client, door));
                    }
                }
            }
        });
        client.loop().schedule(() -> chain.stopped = true, window.toMillis(), TimeUnit.MILLISECONDS);
        return chain.end;
    }

    /** One opening after the other, several at a time, until it is stopped. Lives on the client's loop. */
    private final class Chain {
        private final CompletableFuture<Long> end = new CompletableFuture<>();
        private int underWay;
        private long done;
        private boolean stopped;

        private void next(Supplier<CompletableFuture<Void>> opening) {
            underWay++;
            opening.get()
                    .whenComplete((_, failed) -> client.loop().execute(() -> {
                        underWay--;
                        if (failed != null) {
                            end.completeExceptionally(failed);
                            return;
                        }
                        done++;
                        if (!stopped) {
                            next(opening);
                        } else if (underWay == 0) {
                            end.complete(done);
                        }
                    }));
        }
    }
}
