package io.beringia.scenarios.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * All proxies, all measures, in turns: A B C, A B C, so that what disturbs the machine disturbs everybody. Owned by the
 * bench's thread.
 */
public final class Bench {
    private static final long MIB = 1L << 20;
    private static final int MANY = 64;
    /** Below this part of its processor time a JVM has compiled what matters. */
    private static final double COMPILING_MAX = 0.05;

    private final Plan plan;
    private final Results results = new Results();
    private final List<String> notes = new ArrayList<>();

    private Bench(Plan plan) {
        this.plan = plan;
    }

    /**
     * What to do.
     *
     * @param quick fewer and shorter rounds: for a look, not for a claim
     * @param only part of the names of the measures that are wanted; all if empty
     * @param options for the JVMs of our gateways, beside those of this one
     * @param others for the JVM of one more gateway of ours, if there are any
     */
    public record Plan(
            Path directory,
            boolean quick,
            String only,
            Map<String, String> environment,
            List<String> options,
            List<String> others,
            Consumer<String> progress) {
        public Plan {
            environment = Map.copyOf(environment);
            options = List.copyOf(options);
            others = List.copyOf(others);
        }

        private int rounds() {
            return quick ? 3 : 5;
        }

        private int starts() {
            return quick ? 1 : 3;
        }

        private int idleTunnels() {
            return quick ? 1_000 : 10_000;
        }

        private Duration warmUp() {
            return Duration.ofSeconds(quick ? 8 : 180);
        }

        private Duration window() {
            return Duration.ofMillis(quick ? 500 : 1_000);
        }

        private long bytes() {
            return (quick ? 128 : 384) * MIB;
        }
    }

    /** Table and tree of one run. */
    public record Outcome(String table, Map<String, Object> tree) {}

    public static Outcome run(Plan plan) throws IOException, InterruptedException {
        return new Bench(plan).run();
    }

    private Outcome run() throws IOException, InterruptedException {
        List<Peer> peers = present();
        try (Lab lab = Lab.in(plan.directory());
                Backend _ = Backend.listen(LabConfigs.BACKENDS);
                Clients clients = Clients.of(lab)) {
            if (isWanted(Fresh.NAME)) {
                fresh(new Fresh(clients.aes256(), lab, plan.idleTunnels()), peers);
            }
            loaded(lab, clients, peers);
        }
        Report report =
                new Report(Machine.here(), peers.stream().map(Peer::name).toList(), notes, results);
        return new Outcome(report.table(), report.tree());
    }

    private List<Peer> present() {
        List<Peer> all = Peer.all(plan.environment(), plan.options(), plan.others());
        all.forEach(peer -> peer.missing().ifPresent(why -> note(peer.name() + " left out: " + why)));
        return all.stream().filter(peer -> peer.missing().isEmpty()).toList();
    }

    /** A client for each cipher. */
    private record Clients(Client aes128, Client aes256) implements AutoCloseable {
        private static Clients of(Lab lab) throws IOException {
            return new Clients(new Client(lab.tls(Suite.AES_128)), new Client(lab.tls(Suite.AES_256)));
        }

        @Override
        public void close() {
            aes128.close();
            aes256.close();
        }
    }

    private List<Measure> measures(Clients clients) {
        Client client = clients.aes256();
        Suite suite = Suite.AES_256;
        Messages messages = new Messages(client, suite, MANY, plan.window());
        List<Measure> all = new ArrayList<>();
        for (Throughput.Way way : Throughput.Way.values()) {
            all.add(new Throughput(client, suite, way, 1, plan.bytes()));
            all.add(new Throughput(client, suite, way, MANY, plan.bytes()));
            all.add(new Throughput(clients.aes128(), Suite.AES_128, way, 1, plan.bytes()));
        }
        all.add(messages);
        all.add(new Opens(client, suite, Opens.Outer.WARM, plan.window()));
        all.add(new Opens(client, suite, Opens.Outer.COLD, plan.window()));
        all.add(new Latency(client, suite, plan.window()));
        all.add(new Garbage(messages));
        return all.stream().filter(measure -> isWanted(measure.name())).toList();
    }

    private boolean isWanted(String name) {
        return Stream.of(plan.only().split(",", -1)).anyMatch(name::contains);
    }

    private void fresh(Fresh fresh, List<Peer> peers) throws InterruptedException {
        plan.progress().accept(Fresh.NAME);
        for (int round = 0; round < plan.starts(); round++) {
            for (Peer peer : peers) {
                try {
                    results.add(peer.name(), fresh.take(peer));
                } catch (IOException failed) {
                    note(Fresh.NAME + ": " + peer.name() + " failed, " + failed.getMessage());
                }
            }
        }
    }

    private void loaded(Lab lab, Clients clients, List<Peer> peers) throws IOException, InterruptedException {
        List<Measure> measures = measures(clients);
        if (measures.isEmpty()) {
            return;
        }
        List<Running> proxies = new ArrayList<>();
        for (Peer peer : peers) {
            peer.prepare(lab);
            proxies.add(peer.start(lab));
        }
        for (Running proxy : proxies) {
            Readiness.await(clients.aes128(), proxy);
        }
        for (Running proxy : proxies) {
            try {
                warmUp(proxy, measures);
            } catch (IOException failed) {
                note(proxy.peer().name() + ": warming up failed, " + failed.getMessage());
            }
        }
        for (Measure measure : measures) {
            take(measure, proxies);
        }
    }

    /** Whoever compiles while it runs is measured when it has compiled, as a proxy is that runs for days. */
    private void warmUp(Running proxy, List<Measure> measures) throws IOException, InterruptedException {
        List<Measure> fitting = measures.stream()
                .filter(measure -> measure.fits(proxy.peer(), proxy.door()))
                .toList();
        if (!proxy.peer().compilesItself() || fitting.isEmpty()) {
            return;
        }
        plan.progress().accept("warming up " + proxy.peer().name());
        long end = System.nanoTime() + plan.warmUp().toNanos();
        double share = 1;
        while (share > COMPILING_MAX && System.nanoTime() < end) {
            share = compilingShare(proxy, fitting);
        }
        if (share > COMPILING_MAX) {
            note("%s: %.0f %% of its processor time went to its compiler after %d s of warming up"
                    .formatted(proxy.peer().name(), share * 100, plan.warmUp().toSeconds()));
        }
    }

    private static double compilingShare(Running proxy, List<Measure> measures)
            throws IOException, InterruptedException {
        ProcessFigures figures = new ProcessFigures(proxy.pid());
        double cpu = figures.cpuSeconds();
        double compiling = figures.compilerSeconds();
        for (Measure measure : measures) {
            measure.take(proxy);
        }
        return (figures.compilerSeconds() - compiling) / (figures.cpuSeconds() - cpu);
    }

    /** The first round fills caches and does not count. */
    private void take(Measure measure, List<Running> proxies) throws InterruptedException {
        plan.progress().accept(measure.name());
        List<Running> able = new ArrayList<>(proxies);
        able.removeIf(proxy -> !measure.fits(proxy.peer(), proxy.door()));
        for (int round = 0; round <= plan.rounds(); round++) {
            for (Running proxy : List.copyOf(able)) {
                try {
                    Map<Figure, Double> taken = measure.take(proxy);
                    if (round > 0) {
                        results.add(proxy.peer().name(), taken);
                    }
                } catch (IOException failed) {
                    note(measure.name() + ": " + proxy.peer().name() + " failed, " + failed.getMessage());
                    able.remove(proxy);
                }
            }
        }
    }

    private void note(String text) {
        notes.add(text);
        plan.progress().accept(text);
    }
}
