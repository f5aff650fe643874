package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PathTrouble;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.TunnelReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.observe.LoopOutcomes;
import io.beringia.gateway.observe.OutcomeLog;
import io.beringia.gateway.observe.Outcomes;
import io.beringia.gateway.observe.Own;
import io.beringia.gateway.observe.PathTable;
import io.beringia.gateway.observe.ReportRules;
import io.beringia.gateway.observe.SelfHealth;
import io.beringia.gateway.outbound.Budgets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One gateway: its eyes, its opinion of itself, its table of paths, what it carries. */
final class Gateway {
    private static final long TICK_MILLIS = 100;

    private final WorldClock clock;
    private final RegionId region;
    private final String name;
    private final List<Eye> eyes = new ArrayList<>();
    private final SortedMap<RegionId, long[]> tunnels = new TreeMap<>();
    private final Budgets budgets = new Budgets();
    private final Outcomes outcomes = new Outcomes();
    private final LoopOutcomes loop = new LoopOutcomes(outcomes);
    private final OutcomeLog log;
    private SelfHealth health;
    private Condition process = Condition.RUNS;
    private boolean isIsolated;
    private long tickMillis;
    private List<Told> told = List.of();
    private boolean isNews;
    private PathTable table = PathTable.EMPTY;
    private long certifiedUntilMillis = Duration.ofDays(365).toMillis();

    Gateway(WorldClock clock, RegionId region, String name) {
        this.clock = clock;
        this.region = region;
        this.name = name;
        this.health = SelfHealth.begun(clock.nanos());
        this.tickMillis = clock.millis();
        this.log = new OutcomeLog(outcomes, clock::nanos);
    }

    /** What was last said of one path. */
    private record Told(PathState state, List<PathTrouble> troubles) {
        static Told of(Eye eye) {
            return new Told(eye.state(), eye.troubles());
        }
    }

    void watch(Eye eye) {
        eyes.add(eye);
    }

    void wake() {
        eyes.forEach(Eye::wake);
    }

    RegionId region() {
        return region;
    }

    String name() {
        return name;
    }

    List<Eye> eyes() {
        return eyes;
    }

    Condition process() {
        return process;
    }

    /** A process that begins anew knows nothing. */
    void become(Condition other) {
        process = other;
    }

    boolean isIsolated() {
        return isIsolated;
    }

    void isolate(boolean is) {
        isIsolated = is;
    }

    /** Its certificate ends so much later; nobody renews it. */
    void certify(Duration left) {
        certifiedUntilMillis = clock.millis() + left.toMillis();
    }

    Duration credentialsLeft() {
        return Duration.ofMillis(Math.max(0, certifiedUntilMillis - clock.millis()));
    }

    boolean isRunning() {
        return process.isRunning(clock.millis());
    }

    /** Whether some path of it stands elsewhere since the last step. */
    boolean hasNews() {
        return isNews;
    }

    PathTable table() {
        return table;
    }

    Budgets budgets() {
        return budgets;
    }

    /** How attempts of it end. */
    LoopOutcomes outcomes() {
        return loop;
    }

    void opened(RegionId to) {
        long[] count = tunnels.computeIfAbsent(to, region -> new long[2]);
        count[0]++;
        count[1]++;
    }

    void closed(RegionId to) {
        Objects.requireNonNull(tunnels.get(to), to.name())[0]--;
    }

    /**
     * One step of time; a report where there is news.
     *
     * @param isDue whether one is due without news
     */
    Optional<ObserverReport> step(boolean isDue) {
        if (!isRunning()) {
            return Optional.empty();
        }
        eyes.forEach(Eye::step);
        if (clock.millis() >= tickMillis) {
            tick();
        }
        isNews = isNews();
        if (isNews) {
            told = eyes.stream().map(Told::of).toList();
            Map<SocketAddress, PathTable.PathView> views = new HashMap<>();
            eyes.forEach(eye -> views.put(eye.look().gateway().address(), eye.view()));
            table = new PathTable(views);
        }
        if (!isNews && !isDue) {
            return Optional.empty();
        }
        loop.handOver();
        return Optional.of(ReportRules.report(
                region + "/" + name,
                health.score(),
                seen(),
                new Own(this::carried, this::credentialsLeft, log::report),
                clock.nanos()));
    }

    private boolean isNews() {
        for (int i = 0; i < eyes.size(); i++) {
            if (told.size() != eyes.size() || !told.get(i).equals(Told.of(eyes.get(i)))) {
                return true;
            }
        }
        return false;
    }

    private void tick() {
        health = health.ticked(Duration.ofMillis(clock.millis() - tickMillis).toNanos(), clock.nanos());
        tickMillis = clock.millis() + TICK_MILLIS;
        if (eyes.stream().noneMatch(Eye::isQuiet)) {
            return;
        }
        List<ReportRules.Seen> all = seen();
        for (Eye eye : eyes) {
            boolean isControlled = ReportRules.isControlled(eye.look().gateway().region(), all, clock.nanos());
            eye.tick(health.score(), isControlled);
        }
    }

    private List<ReportRules.Seen> seen() {
        return eyes.stream().map(Eye::seen).toList();
    }

    private List<TunnelReport> carried() {
        return tunnels.entrySet().stream()
                .map(one -> new TunnelReport(one.getKey(), one.getValue()[0], one.getValue()[1]))
                .toList();
    }
}
