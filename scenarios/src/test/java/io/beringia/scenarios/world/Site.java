package io.beringia.scenarios.world;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.failover.Controller;
import io.beringia.failover.FailoverTelemetry;
import io.beringia.failover.health.SiteEvidence;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One site: its discovery, its candidate, its gateways and clients, and the evidence that its candidate has heard. */
final class Site {
    private static final double ANSWER_MILLIS = 100;

    private final World world;
    private final Places places;
    private final Discovery discovery;
    private final Candidate candidate;
    private final Optional<Clients> clients;
    private final List<Gateway> gateways = new ArrayList<>();
    private final Map<RegionId, SiteEvidence> feeds = new TreeMap<>();
    private final Map<RegionId, Long> fedMillis = new TreeMap<>();
    private Places.Pods pods = new Places.Pods(10, 10);
    private final Listed listed = new Listed();
    private double errors;
    private double cuts;
    private long flapMillis;
    private double slower = 1;
    private boolean isWithheld;
    private long wallMillis;

    /** @param all places of the mesh, this one among them */
    Site(World world, Places places, List<Places> all) {
        WorldClock clock = world.clock();
        boolean isWitness = places.region().equals(world.setup().witness());
        this.world = world;
        this.places = places;
        this.discovery = new Discovery(clock, places, isWitness, all, world.timeline());
        this.candidate =
                new Candidate(clock, places.region(), world.setup().witness(), world.keeper(), this::acceptedEpoch);
        this.clients = isWitness
                ? Optional.empty()
                : Optional.of(new Clients(clock, world.random(), places, discovery, world));
        places.gatewayNames().forEach(name -> gateways.add(new Gateway(clock, places.region(), name)));
        begin();
    }

    /** A controller that remembers nothing, on the wall clock of its site. */
    void begin() {
        candidate.run(new Controller(
                new Controller.Sources(
                        candidate::term,
                        this::evidence,
                        candidate::shown,
                        () -> world.clock().instant().plusMillis(wallMillis),
                        world.clock()::nanos),
                world.setup().policy(),
                world.setup().mode(),
                world::recorded,
                world.keeper().storeOf(places.region()),
                world.seal(),
                new Controller.Identity(Discovery.MESH, World.LEADER),
                new FailoverTelemetry(new SimpleMeterRegistry())));
    }

    Discovery discovery() {
        return discovery;
    }

    Candidate candidate() {
        return candidate;
    }

    Optional<Clients> clients() {
        return clients;
    }

    List<Gateway> gateways() {
        return gateways;
    }

    void ready(int ready, int total) {
        pods = new Places.Pods(ready, total);
    }

    /** Whether its API lists nothing, whatever there is. */
    void listsNothing(boolean is) {
        listed.empty(is);
    }

    /** What its discovery believes to be there. */
    private Places.Pods believed() {
        return listed.kept(pods, world.clock().instant());
    }

    /** So many of its answers are none, 0 to 1. */
    void fail(double share) {
        errors = share;
    }

    /** So many of the tunnels that it accepts are cut off at once, 0 to 1. */
    void cut(double share) {
        cuts = share;
    }

    /** The same for so long, then not for so long, and so on. */
    void flap(double share, long millis) {
        cuts = share;
        flapMillis = millis;
    }

    boolean cuts() {
        boolean isTurn = flapMillis == 0 || world.clock().millis() / flapMillis % 2 == 0;
        return cuts > 0 && isTurn && world.random().nextDouble() < cuts;
    }

    /** So many times as long as at first until a pod says something. */
    void slow(double times) {
        slower = times;
    }

    /** From a word to the first word of an answer, at home. */
    long answerMillis() {
        return Math.round(ANSWER_MILLIS * slower);
    }

    /** Its discovery hears of no new plan. */
    void withhold(boolean isOn) {
        isWithheld = isOn;
    }

    /** Wall time there is another; the monotonic clock is not. */
    void wall(long byMillis) {
        wallMillis = byMillis;
    }

    private List<SiteEvidence> evidence() {
        return feeds.entrySet().stream()
                .map(one -> new SiteEvidence(
                        one.getValue().evidence(),
                        Duration.ofMillis(world.clock().millis() - fedMillis.getOrDefault(one.getKey(), 0L))))
                .toList();
    }

    /** Every candidate that it reaches hears what the site has seen. */
    void feed() {
        SiteEvidence now = new SiteEvidence(discovery.evidence(), Duration.ZERO);
        for (Site other : world.sites()) {
            if (world.wires().joins(places.region(), other.places.region())) {
                other.feeds.put(places.region(), now);
                other.fedMillis.put(places.region(), world.clock().millis());
            }
        }
    }

    /** Peers tell what they export; our own API tells it of us. */
    void hear() {
        discovery.know(places.region(), believed());
        for (Site other : world.sites()) {
            if (other != this
                    && other.discovery.isRunning()
                    && world.wires().joins(places.region(), other.places.region())) {
                boolean isWitness = other.places.region().equals(world.setup().witness());
                discovery.hear(other.places.region(), isWitness ? Optional.empty() : Optional.of(other.believed()));
            }
        }
    }

    Places places() {
        return places;
    }

    RegionId region() {
        return places.region();
    }

    boolean isWithheld() {
        return isWithheld;
    }

    boolean answers() {
        return pods.total() > 0 && world.random().nextDouble() >= errors;
    }

    private long acceptedEpoch() {
        return evidence().stream()
                .map(one -> one.evidence().proxies().accepted())
                .max(PlanVersion::compareTo)
                .map(PlanVersion::epoch)
                .orElse(0L);
    }
}
