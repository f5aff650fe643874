package io.beringia.failover;

import io.beringia.discovery.wire.EvidenceClient;
import io.beringia.discovery.wire.EvidenceFeed;
import io.beringia.failover.FailoverConfig.Replica;
import io.beringia.failover.FailoverConfig.Site;
import io.beringia.failover.console.Chronicle;
import io.beringia.failover.console.ConsoleServer;
import io.beringia.failover.evidence.RegionFeeds;
import io.beringia.failover.zookeeper.Candidate;
import io.beringia.failover.zookeeper.Ensemble;
import io.beringia.failover.zookeeper.Leadership;
import io.beringia.failover.zookeeper.ZooKeeperPlans;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.PeerVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.ledger.LedgerEvents;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The role {@code failover} of one process, put together: one candidate, and the leader while it is elected. Any thread;
 * start, drain and close from one.
 */
public final class FailoverMain implements AutoCloseable {
    /** A loop looks ten times a second; a write in flight ends within a few sessions. */
    private static final Duration END_MAX = Duration.ofSeconds(10);

    private final RegionFeeds feeds;
    private final Ensemble ensemble;
    private final Leadership leadership;
    private final Thread loop;
    private final Doors doors;
    private final FailoverLedger ledger;

    private FailoverMain(
            RegionFeeds feeds,
            Ensemble ensemble,
            Leadership leadership,
            Thread loop,
            Doors doors,
            FailoverLedger ledger) {
        this.feeds = feeds;
        this.ensemble = ensemble;
        this.leadership = leadership;
        this.loop = loop;
        this.doors = doors;
        this.ledger = ledger;
    }

    /**
     * Starts at once, with or without ZooKeeper and the others. Throws {@link IllegalArgumentException} where our own
     * identity is none of the candidates', and {@link java.io.UncheckedIOException} where the API cannot listen or the
     * ledger cannot be written.
     *
     * @param events of the ledger
     */
    public static FailoverMain start(
            FailoverConfig config,
            Credentials credentials,
            PeerVerifier verifier,
            LedgerEvents events,
            MeterRegistry meters,
            InstantSource clock) {
        return start(config, credentials, verifier, events, meters, clock, System::nanoTime);
    }

    /** The same on a given clock for leases and ages, which never steps. */
    static FailoverMain start(
            FailoverConfig config,
            Credentials credentials,
            PeerVerifier verifier,
            LedgerEvents events,
            MeterRegistry meters,
            InstantSource clock,
            LongSupplier nanoTime) {
        SpiffeId self = credentials.svid().id();
        if (!config.leaders().contains(self)) {
            throw new IllegalArgumentException(
                    "leaders: " + config.leaders() + " (expected: our own identity among them, " + self + ")");
        }
        HttpTls tls = new HttpTls(credentials, verifier, clock);
        FailoverLedger ledger = FailoverLedger.start(config, new FailoverLedger.Setting(tls, events, nanoTime));
        FailoverTelemetry telemetry = new FailoverTelemetry(meters);
        Ensemble ensemble = Ensemble.connect(
                config.zookeeper().connect(), config.zookeeper().session(), config.mesh());
        RegionFeeds feeds = feeds(config, new GrpcTls(credentials, verifier, clock), nanoTime, telemetry);
        Candidate candidate = new Candidate(config.site().name(), config.isWitness());
        Leadership leadership =
                Leadership.start(ensemble, candidate, config.zookeeper().session(), feeds::accepted, nanoTime);
        Chronicle chronicle = new Chronicle(clock);
        Controller controller = new Controller(
                new Controller.Sources(
                        leadership::term,
                        feeds::latest,
                        chronicle.andThen(view -> leadership.mayYield(
                                view.isPresent() && view.get().isIdle())),
                        steady(clock, nanoTime),
                        nanoTime),
                config.policy(),
                config.mode(),
                ledger.record(),
                new ZooKeeperPlans(ensemble),
                new SvidSeal(credentials, verifier, config.leaders(), clock),
                new Controller.Identity(config.mesh(), self),
                telemetry);
        Doors doors;
        try {
            doors = Doors.open(config, tls, new Desk(config, controller, feeds), chronicle, telemetry);
        } catch (RuntimeException refused) {
            leadership.close();
            feeds.close();
            ensemble.close();
            ledger.close();
            throw refused;
        }
        telemetry.watch(config.policy().sites().regions(), controller::latest);
        config.sites().forEach(site -> telemetry.watchSite(site.name(), feeds::latest));
        telemetry.started(config);
        Thread loop = Thread.ofVirtual().name("controller").start(() -> lead(controller, leadership));
        return new FailoverMain(feeds, ensemble, leadership, loop, doors, ledger);
    }

    /** A loop that has ended for whatever reason leads nobody. */
    private static void lead(Controller controller, Leadership leadership) {
        try {
            controller.run();
        } finally {
            leadership.close();
        }
    }

    /** What is missing still; empty means ready. Other sites may be dead, and we are ready all the same. */
    public List<String> awaited() {
        List<String> awaited = new ArrayList<>();
        if (!ensemble.wasConnected()) {
            awaited.add("zookeeper");
        }
        if (!loop.isAlive()) {
            awaited.add("controller");
        }
        return awaited;
    }

    /** Where operators ask. */
    public InetSocketAddress address() {
        return doors.api().address();
    }

    /** Where people may look; empty if nobody may. */
    public Optional<InetSocketAddress> console() {
        return doors.console().map(ConsoleServer::address);
    }

    /** Hands the leadership over. */
    public void drain(Duration deadline) {
        leadership.close();
    }

    @Override
    public void close() {
        doors.close();
        leadership.close();
        loop.interrupt();
        try {
            loop.join(END_MAX);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        feeds.close();
        ensemble.close();
        ledger.close();
    }

    private static RegionFeeds feeds(
            FailoverConfig config, GrpcTls tls, LongSupplier nanoTime, FailoverTelemetry telemetry) {
        EvidenceClient.Sources sources = new EvidenceClient.Sources(nanoTime, new SecureRandom());
        List<EvidenceFeed> feeds = new ArrayList<>();
        for (Site site : config.sites()) {
            for (Replica replica : site.discovery()) {
                feeds.add(EvidenceFeed.open(
                        site.name(), replica.address(), replica.id(), tls, sources, telemetry::feedLost));
            }
        }
        return new RegionFeeds(feeds);
    }

    /** Wall time as it was at our start, counted on from there: an hour that somebody sets moves no deadline. */
    private static InstantSource steady(InstantSource wall, LongSupplier nanoTime) {
        Instant start = wall.instant();
        long origin = nanoTime.getAsLong();
        return () -> start.plusNanos(nanoTime.getAsLong() - origin);
    }
}
