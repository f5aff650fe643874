package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Observation;
import io.beringia.discovery.catalog.PathRules;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.GatewayTelemetry;
import io.beringia.gateway.observe.PathTable.PathView;
import io.beringia.gateway.outbound.DialFailure;
import io.beringia.gateway.routing.Self;
import io.beringia.gateway.time.AwakeClock;
import io.beringia.gateway.tls.TlsContexts;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The gateway's own eyes: asks every gateway of the other regions and those beside it, hears how dials to them end, and says every 100 ms
 * where each path stands, if that is news. One virtual thread owns all of it; sightings come to it by a bounded queue
 * from any thread.
 *
 * <p>Its time is awake time: what this process slept through is nobody's silence, and what refused it meanwhile, on
 * connections from before, is not believed.
 */
public final class Observer implements AutoCloseable {
    /** Paths are judged, and a new table is published, at most this often. */
    static final Duration TICK = Duration.ofMillis(100);
    /** What is seen is reported at least this often, and at once when a path changes its state. */
    static final Duration REPORT_EVERY = Duration.ofMillis(200);
    /** Sightings that wait; the oldest goes first. */
    private static final int SIGHTINGS_MAX = 8_192;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    /** A peer whose questions we slept through may have reset our connections; that is heard right after the pause. */
    private static final Duration REFUSALS_VOID = Duration.ofSeconds(1);
    /** A change of a round trip below this part of it is no news. */
    private static final int NEWS_PART = 4;

    private final Self self;
    private final Supplier<Catalog> catalogs;
    private final ProbeLines lines;
    private final Own own;
    private final GatewayTelemetry telemetry;
    private final AwakeClock clock;
    private final Told told;
    private final BlockingQueue<Sighting> sightings = new ArrayBlockingQueue<>(SIGHTINGS_MAX);
    private final Map<Sighting.Path, Watch> watches = new LinkedHashMap<>();
    private final Thread thread;
    private Catalog known = Catalog.EMPTY;
    private PathTable published = PathTable.EMPTY;
    private SelfHealth health;
    private long tickNanos;
    private long numbers = Sighting.Seen.DIALS;
    private boolean changed;
    private long reportNanos;
    private long sleptNanos;
    private long tickSleptNanos;
    private long wokeNanos;
    private long wokeNumbers = Sighting.Seen.DIALS;

    private Observer(
            Self self,
            Supplier<Catalog> catalogs,
            ProbeLines lines,
            Own own,
            GatewayTelemetry telemetry,
            LongSupplier nanoTime,
            Told told) {
        this.self = self;
        this.catalogs = catalogs;
        this.lines = lines;
        this.own = own;
        this.telemetry = telemetry;
        this.clock = new AwakeClock(nanoTime);
        this.told = told;
        this.tickNanos = clock.getAsLong();
        this.reportNanos = tickNanos;
        this.wokeNanos = tickNanos - REFUSALS_VOID.toNanos();
        this.health = SelfHealth.begun(tickNanos);
        this.thread = Thread.ofVirtual().name(self.region() + "/observe").unstarted(this::run);
    }

    /** Called on the observer's thread; must not wait. */
    public interface Told {
        /** The paths are others, or stand otherwise. */
        void onPaths(PathTable newest);

        /** Every 200 ms, and when a path changes its state. */
        void onReport(ObserverReport report);
    }

    /** @param own reported with what is seen */
    public static Observer start(
            Self self,
            Supplier<Catalog> catalogs,
            ProbeLines lines,
            Own own,
            GatewayTelemetry telemetry,
            LongSupplier nanoTime,
            Told told) {
        Observer observer = new Observer(self, catalogs, lines, own, telemetry, nanoTime, told);
        observer.thread.start();
        return observer;
    }

    /** Any thread. A gateway took a tunnel. */
    public void onDialed(GatewayAddress gateway) {
        saw(new Sighting(Sighting.Path.to(gateway), Sighting.Seen.ALIVE));
    }

    /** Any thread. A tunnel was not taken. */
    public void onDialFailed(GatewayAddress gateway, DialFailure why) {
        Sighting.Seen.in(why).ifPresent(seen -> saw(new Sighting(Sighting.Path.to(gateway), seen)));
    }

    private void saw(Sighting sighting) {
        while (!sightings.offer(sighting)) {
            if (sightings.poll() != null) {
                telemetry.sightingDropped();
            }
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                step();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            watches.values().forEach(Watch::close);
        }
    }

    private void step() throws InterruptedException {
        Sighting first = sightings.poll(waitNanos(), TimeUnit.NANOSECONDS);
        long now = clock.getAsLong();
        if (clock.sleptNanos() != sleptNanos) {
            sleptNanos = clock.sleptNanos();
            wokeNanos = now;
            wokeNumbers = numbers;
        }
        for (Sighting next = first; next != null; next = sightings.poll()) {
            take(next, now);
        }
        if (now - tickNanos >= 0) {
            tick(now);
        }
        TlsContexts current = lines.contexts().get();
        watches.values().forEach(watch -> watch.probe(current, now));
    }

    private long waitNanos() {
        long now = clock.getAsLong();
        return Math.max(
                0,
                watches.values().stream()
                        .mapToLong(watch -> watch.nextNanos() - now)
                        .reduce(tickNanos - now, Math::min));
    }

    private void take(Sighting sighting, long now) {
        Watch watch = watches.get(sighting.path());
        if (watch == null) {
            return;
        }
        switch (sighting.seen()) {
            case Sighting.Seen.Answered answer -> {
                Observation seen = new Observation.Success(now, answer.roundTripNanos());
                watching(watch, () -> watch.see(seen, answer.measured()));
            }
            case Sighting.Seen.Large large -> watch.large(large.isThrough());
            case Sighting.Seen.Acknowledged _ -> watch.acknowledged(now);
            case Sighting.Seen.Proven proven -> watch.proven(proven.left(), now);
            case Sighting.Seen.Refused refusal -> {
                if (!isOfOurPause(refusal, now)) {
                    watching(watch, () -> watch.see(new Observation.Refused(now, refusal.connection()), false));
                }
            }
        }
    }

    private boolean isOfOurPause(Sighting.Seen.Refused refusal, long now) {
        return refusal.connection() <= wokeNumbers && now - wokeNanos < REFUSALS_VOID.toNanos();
    }

    private void watching(Watch watch, Runnable judge) {
        PathState before = watch.state();
        judge.run();
        if (watch.state() != before) {
            changed = true;
            telemetry.pathChanged(watch.gateway(), before, watch.state());
        }
    }

    private void tick(long now) {
        health = health.ticked(now - tickNanos + clock.sleptNanos() - tickSleptNanos, now);
        tickSleptNanos = clock.sleptNanos();
        tickNanos = now + TICK.toNanos();
        Catalog newest = catalogs.get();
        if (!newest.equals(known)) {
            known = newest;
            look(now);
        }
        List<ReportRules.Seen> all = seen(now);
        for (Watch watch : List.copyOf(watches.values())) {
            boolean controlled = ReportRules.isControlled(watch.gateway().region(), all, now);
            Observation.Tick tick = new Observation.Tick(now, health.score(), controlled);
            watching(watch, () -> watch.see(tick, true));
            changed |= watch.tellTroubles(telemetry, now);
        }
        publish(now);
        forget(now);
        report(now);
    }

    private List<ReportRules.Seen> seen(long now) {
        return watches.values().stream()
                .filter(Watch::isListed)
                .map(watch -> watch.seen(now))
                .toList();
    }

    private void report(long now) {
        if (changed || now - reportNanos >= 0) {
            changed = false;
            reportNanos = now + REPORT_EVERY.toNanos();
            told.onReport(
                    ReportRules.report(self.cluster() + "/" + self.gateway(), health.score(), seen(now), own, now));
        }
    }

    /** New gateways begin as UP. */
    private void look(long now) {
        Map<Sighting.Path, Look> wanted = Horizon.of(self, known);
        watches.forEach((path, watch) -> {
            if (!wanted.containsKey(path)) {
                watch.unlist(now);
            }
        });
        wanted.forEach((path, look) ->
                watches.computeIfAbsent(path, _ -> watch(look, now)).describe(look));
    }

    /** Those that have left the catalog, once their tunnels were told that they are DOWN. */
    private void forget(long now) {
        watches.values().removeIf(watch -> {
            boolean isOver = watch.isOver(now);
            if (isOver) {
                watch.close();
            }
            return isOver;
        });
    }

    private Watch watch(Look look, long now) {
        long phase = Math.floorMod(look.gateway().address().hashCode(), PathRules.PROBE_INTERVAL.toNanos());
        return new Watch(look, (to, use) -> lines.open(to, ++numbers, use, this::saw), now, phase);
    }

    private void publish(long now) {
        Map<SocketAddress, PathView> views = new HashMap<>();
        watches.values().stream()
                .filter(watch -> !watch.isSibling())
                .forEach(watch -> views.merge(watch.gateway().address(), watch.view(now), Observer::better));
        PathTable newest = new PathTable(views);
        if (isNews(newest)) {
            published = newest;
            told.onPaths(newest);
        }
    }

    /** One address under two identities: while one is taking over from the other. */
    private static PathView better(PathView one, PathView other) {
        return one.state() == PathState.UP ? one : other;
    }

    private boolean isNews(PathTable newest) {
        return !newest.paths().keySet().equals(published.paths().keySet())
                || newest.paths().entrySet().stream()
                        .anyMatch(path -> isNews(published.view(path.getKey()), path.getValue()));
    }

    private static boolean isNews(PathView before, PathView after) {
        return before.state() != after.state()
                || before.isExpiring() != after.isExpiring()
                || before.srtt()
                                .minus(after.srtt())
                                .abs()
                                .multipliedBy(NEWS_PART)
                                .compareTo(before.srtt())
                        > 0;
    }

    /** Any thread. Looks no more; the last table stays in force. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
