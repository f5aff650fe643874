package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.Cause;
import io.beringia.failover.DecisionRecord;
import io.beringia.failover.FailoverConfig.Mode;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.record.DecisionBasis;
import io.beringia.failover.record.DecisionFile;
import io.beringia.gateway.observe.Look;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A mesh of sites on one clock. Everything that decides is real: path rules, reports, board, reflex, projection, choice of
 * endpoint, router, dial rules, region rules, guards, plan and operator rules, the controller. Wires, processes and
 * ZooKeeper are simulated. Everything happens on the thread that calls {@link #step()}.
 */
final class World implements Clients.Neighbours {
    static final long STEP_MILLIS = 50;
    private static final long FEED_MILLIS = 200;
    /** While nothing happens, evidence and plan are looked at once a second: nobody could tell the difference. */
    private static final long CALM_MILLIS = 1_000;
    /** Whatever follows from news follows within this: an evacuation, an election, the answer of an operator. */
    private static final long NEWS_MILLIS = 6_000;

    private static final long PLAN_MILLIS = 100;
    private static final int GATEWAYS = 2;
    static final SpiffeId LEADER = SpiffeId.parse("spiffe://cluster.local/ns/beringia-system/sa/failover");

    private final WorldClock clock;
    private final Random random;
    private final Wires wires;
    private final Timeline timeline;
    private final Teller teller;
    private final Keeper keeper;
    private final Seal seal = new Seal();
    private final Setup setup;
    private final Map<RegionId, Site> sites = new TreeMap<>();
    private long connections;
    private boolean isNews;
    private long stirredMillis;
    private long decisions;

    /** How it begins. */
    record Setup(long seed, List<RegionId> regions, RegionId witness, Mode mode, FailoverPolicy policy, long nanos) {
        List<RegionId> sites() {
            return Stream.concat(regions.stream(), Stream.of(witness)).toList();
        }
    }

    World(Setup setup) {
        this.setup = setup;
        this.clock = new WorldClock(setup.nanos());
        this.random = new Random(setup.seed());
        this.wires = new Wires(clock, random);
        this.timeline = new Timeline(clock);
        this.teller = new Teller(timeline, setup.mode() == Mode.DRY_RUN);
        this.keeper = new Keeper(clock, wires, setup.sites());
        List<Places> places = new ArrayList<>();
        for (RegionId site : setup.sites()) {
            places.add(new Places(site, places.size() + 1, site.equals(setup.witness()) ? 1 : GATEWAYS));
        }
        places.forEach(own -> sites.put(own.region(), new Site(this, own, places)));
        sites.values().forEach(this::watch);
    }

    WorldClock clock() {
        return clock;
    }

    Collection<Site> sites() {
        return sites.values();
    }

    Random random() {
        return random;
    }

    Wires wires() {
        return wires;
    }

    Timeline timeline() {
        return timeline;
    }

    Keeper keeper() {
        return keeper;
    }

    /** Decided, and replayed. */
    long decisions() {
        return decisions;
    }

    Setup setup() {
        return setup;
    }

    Seal seal() {
        return seal;
    }

    Site site(RegionId name) {
        return Objects.requireNonNull(sites.get(name), name.name());
    }

    /** Who leads with a lease, if anybody does. */
    Optional<Candidate> leader() {
        return sites.values().stream()
                .map(Site::candidate)
                .filter(one ->
                        one.process().isRunning(clock.millis()) && one.term().isPresent())
                .findFirst();
    }

    @Override
    public Gateway gateway(RegionId region, String name) {
        return site(region).gateways().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public boolean answers(RegionId region) {
        return site(region).answers();
    }

    @Override
    public boolean cuts(RegionId region) {
        return site(region).cuts();
    }

    @Override
    public Duration firstByte(RegionId from, RegionId to) {
        return Duration.ofMillis(wires.distance(from, to) + site(to).answerMillis());
    }

    @Override
    public Supplier<Talk.News> asked(Gateway from, Gateway to) {
        Talk talk = new Talk(connections++, 0);
        Talk.Peer peer = peer(from, to, Wires.Traffic.DATA);
        talk.ask(clock.millis());
        return () -> talk.step(clock.millis(), peer);
    }

    /** Somebody does something to the world. */
    void stir() {
        stirredMillis = clock.millis();
        sites.values().forEach(site -> site.gateways().forEach(Gateway::wake));
    }

    /** Whether what is done so often at busy times is due now. */
    boolean isDue(long everyMillis) {
        return clock.millis() % (isCalm() ? CALM_MILLIS : everyMillis) == 0;
    }

    private boolean isCalm() {
        return clock.millis() - stirredMillis > NEWS_MILLIS;
    }

    /** Turns the clock by {@value #STEP_MILLIS} ms. */
    void step() throws InterruptedException {
        clock.turn(STEP_MILLIS);
        keeper.step();
        for (Site site : sites.values()) {
            if (site.discovery().isRunning() && isDue(PLAN_MILLIS)) {
                site.hear();
            }
            for (Gateway gateway : site.gateways()) {
                Optional<ObserverReport> report = gateway.step(isDue(FEED_MILLIS));
                if (gateway.hasNews()) {
                    isNews = true;
                    stir();
                }
                if (site.discovery().isRunning() && !gateway.isIsolated()) {
                    report.ifPresent(site.discovery()::onReport);
                }
            }
            if (site.discovery().isRunning() && isDue(PLAN_MILLIS)) {
                site.discovery().look();
            }
            if (isDue(FEED_MILLIS) && site.discovery().isRunning()) {
                site.feed();
            }
        }
        for (Site site : sites.values()) {
            site.candidate().step(isDue(FEED_MILLIS));
            site.clients().ifPresent(clients -> clients.step(isCalm()));
        }
        if (isDue(PLAN_MILLIS)) {
            deliver();
            tell();
        }
    }

    private void deliver() {
        keeper.plan()
                .map(seal::opened)
                .ifPresent(plan -> sites.values().stream()
                        .filter(site -> site.discovery().isRunning() && !site.isWithheld())
                        .filter(site -> keeper.serves(site.region()))
                        .filter(site ->
                                !plan.plan().version().equals(site.discovery().accepted()))
                        .forEach(site -> site.discovery().offer(plan)));
    }

    /** Every decision is decided again from what is kept of it. */
    DecisionRecord.Outcome recorded(TrafficPlan plan, Cause cause, DecisionBasis basis) {
        decisions++;
        if (!DecisionFile.read(new DecisionFile(basis, plan).bytes()).isReproduced()) {
            timeline.tell("decision " + plan.version() + " cannot be replayed: " + cause.reason());
        }
        return new DecisionRecord.Outcome.Unwanted();
    }

    private void watch(Site site) {
        for (Gateway gateway : site.gateways()) {
            for (Site other : sites.values()) {
                if (other.region().equals(setup.witness()) && other != site) {
                    continue;
                }
                for (int i = 0; i < other.gateways().size(); i++) {
                    Gateway target = other.gateways().get(i);
                    if (target != gateway) {
                        gateway.watch(eye(gateway, target, other.places(), i));
                    }
                }
            }
        }
    }

    private Eye eye(Gateway from, Gateway to, Places there, int index) {
        Look look = new Look(there.gateway(index), from.region().equals(to.region()), Optional.empty());
        timeline.begin(
                "trouble " + from.region() + "/" + from.name() + " > " + to.region() + "/" + to.name(),
                List.of().toString());
        timeline.begin("path " + from.region() + " > " + to.region(), PathState.UP.name());
        timeline.begin("path " + from.region() + " > " + to.region() + "/" + to.name(), PathState.UP.name());
        return new Eye(
                clock,
                look,
                peer(from, to, Wires.Traffic.DATA),
                peer(from, to, Wires.Traffic.LARGE),
                () -> connections++,
                random.nextInt(250));
    }

    private Talk.Peer peer(Gateway from, Gateway to, Wires.Traffic traffic) {
        return new Talk.Peer() {
            @Override
            public OptionalLong trip() {
                return from.isIsolated() || to.isIsolated() || isUnproven(from) || isUnproven(to)
                        ? OptionalLong.empty()
                        : wires.trip(from.region(), to.region(), traffic);
            }

            @Override
            public Condition process() {
                return to.process();
            }

            @Override
            public boolean isRunning() {
                return to.isRunning();
            }

            @Override
            public Duration proven() {
                return to.credentialsLeft();
            }
        };
    }

    private static boolean isUnproven(Gateway gateway) {
        return gateway.credentialsLeft().isZero();
    }

    private void tell() {
        if (isNews) {
            sites.values().forEach(teller::tellPaths);
            isNews = false;
        }
        Optional<Candidate> leader = leader();
        timeline.tellState("leader", leader.map(one -> one.site().name()).orElse("none"));
        leader.flatMap(one -> one.controller().latest()).ifPresent(teller::tellLeader);
        keeper.plan().map(seal::open).ifPresent(teller::tellPlan);
    }
}
