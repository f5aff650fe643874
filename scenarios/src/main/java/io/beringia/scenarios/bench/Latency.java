package io.beringia.scenarios.bench;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What a proxy adds to a round trip of a small message at low load: messages leave when they are due, whether others were
 * answered or not, first straight to the backend and then through the proxy.
 */
record Latency(Client client, Suite suite, Duration window) implements Measure {
    /** A fifth of what one core does of ztunnels and gateways. */
    private static final int PER_SECOND = 2_500;

    private static final int TUNNELS = 16;
    private static final List<Double> PERCENTILES = List.of(50.0, 99.0, 99.9);
    private static final double NANOS_PER_MICRO = 1_000;
    private static final Duration LAST_ANSWERS = Duration.ofMillis(100);
    private static final Door DIRECT = new Door.Plain(LabConfigs.BACKEND);

    @Override
    public String name() {
        return "latency-" + suite.word();
    }

    @Override
    public boolean fits(Peer peer, Door door) {
        return true;
    }

    /** Only of the median the difference says something: the tails of two runs belong to different messages. */
    @Override
    public Map<Figure, Double> take(Running proxy) throws IOException, InterruptedException {
        Histogram direct = through(DIRECT);
        Histogram proxied = through(proxy.door());
        Map<Figure, Double> taken = new LinkedHashMap<>();
        taken.put(figure("added-latency-p50"), micros(proxied, 50) - micros(direct, 50));
        for (double percentile : PERCENTILES) {
            taken.put(figure("round-trip-p" + percentile), micros(proxied, percentile));
        }
        return taken;
    }

    private Figure figure(String name) {
        return new Figure(name + "-" + suite.word(), "us", Figure.Better.LESS);
    }

    private static double micros(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
    }

    private Histogram through(Door door) throws IOException, InterruptedException {
        try (Client.Tunnels open = Measure.await(client.open(door, 1, TUNNELS))) {
            Histogram seen = new Histogram(3);
            List<Clocked> clocked =
                    open.all().stream().map(tunnel -> new Clocked(tunnel, seen)).toList();
            client.loop().execute(() -> clocked.forEach(Clocked::begin));
            Sender sender = new Sender(clocked);
            long period = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
            Future<?> sending = client.loop().scheduleAtFixedRate(sender, period, period, TimeUnit.NANOSECONDS);
            TimeUnit.NANOSECONDS.sleep(window.toNanos());
            sending.cancel(false);
            TimeUnit.NANOSECONDS.sleep(LAST_ANSWERS.toNanos());
            return Measure.await(CompletableFuture.supplyAsync(seen::copy, client.loop()));
        }
    }

    /** The tunnels take turns. Lives on the client's loop. */
    private static final class Sender implements Runnable {
        private final List<Clocked> tunnels;
        private int turn;

        private Sender(List<Clocked> tunnels) {
            this.tunnels = tunnels;
        }

        @Override
        public void run() {
            tunnels.get(turn++ % tunnels.size()).send();
        }
    }

    /** Remembers when each message left; answers come in their order. Lives on the client's loop. */
    private static final class Clocked implements Tunnel.Receiver {
        private final Tunnel tunnel;
        private final Histogram seen;
        private final Queue<Long> sentNanos = new ArrayDeque<>();
        private int bytes;

        private Clocked(Tunnel tunnel, Histogram seen) {
            this.tunnel = tunnel;
            this.seen = seen;
        }

        private void begin() {
            tunnel.receive(this);
            tunnel.write(new Order(Order.Kind.ECHO, 0).encoded());
            tunnel.flush();
        }

        private void send() {
            sentNanos.add(System.nanoTime());
            tunnel.write(Messages.message());
            tunnel.flush();
        }

        @Override
        public void onBytes(Tunnel from, ByteBuf received) {
            bytes += received.readableBytes();
            for (; bytes >= Messages.MESSAGE_BYTES; bytes -= Messages.MESSAGE_BYTES) {
                seen.recordValue(System.nanoTime() - sentNanos.remove());
            }
        }
    }
}
