package io.beringia.failover;

import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.wire.PlanCodec;
import io.beringia.failover.FailoverConfig.Failback;
import io.beringia.failover.FailoverConfig.Mode;
import io.beringia.failover.FailoverConfig.Replica;
import io.beringia.failover.FailoverConfig.Servers;
import io.beringia.failover.FailoverConfig.Site;
import io.beringia.failover.console.ConsoleConfig;
import io.beringia.failover.zookeeper.Candidate;
import io.beringia.failover.zookeeper.EmbeddedZooKeeper;
import io.beringia.failover.zookeeper.Ensemble;
import io.beringia.failover.zookeeper.Leadership;
import io.beringia.failover.zookeeper.PlanStore;
import io.beringia.failover.zookeeper.Term;
import io.beringia.failover.zookeeper.ZooKeeperPlans;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.ledger.LedgerEvents;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.RoleLedger;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Three sites on one computer: a real ZooKeeper, real evidence and candidates, and nothing between them but sockets. The
 * plan is read as a consumer reads it. Owned by the test's thread.
 */
public final class FailoverLab implements AutoCloseable {
    public static final RegionId EAST = new RegionId("us-east");
    public static final RegionId WEST = new RegionId("us-west");
    public static final RegionId WITNESS = new RegionId("witness");

    private static final List<RegionId> SITES = List.of(EAST, WEST, WITNESS);
    static final String MESH = "lab";
    private static final String OPERATOR = "alice";
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    /** The fastest there is: hold 3 s, steps 0.6 s, a canary of 6 s. */
    private static final int TIMING = 100;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LabIdentities identities;
    private final Path ledgers;
    private final Path zookeeperFolder;
    private final int zookeeperPort = freePort();
    private EmbeddedZooKeeper zookeeper;
    private final Ensemble consumer;
    private final Credentials consuming;
    private final Map<RegionId, LabDiscovery> discoveries = new TreeMap<>();
    private final List<FailoverMain> candidates = new ArrayList<>();

    private FailoverLab(Path folder) throws IOException {
        identities = LabIdentities.in(folder.resolve("ca"));
        ledgers = folder.resolve("ledgers");
        zookeeperFolder = folder.resolve("zookeeper");
        zookeeper = EmbeddedZooKeeper.start(zookeeperFolder, "127.0.0.1", zookeeperPort);
        consumer = Ensemble.connect(zookeeper.connectString(), Servers.LAB_SESSION, MESH);
        consuming = identities.credentials("discovery");
        for (RegionId site : SITES) {
            LabDiscovery discovery = new LabDiscovery(site, List.of(EAST, WEST), this::accepted, consuming);
            discovery.start();
            discoveries.put(site, discovery);
        }
    }

    /** With discoveries and without candidates. */
    public static FailoverLab start(Path folder) throws IOException {
        return new FailoverLab(folder);
    }

    public LabIdentities identities() {
        return identities;
    }

    public String connectString() {
        return zookeeper.connectString();
    }

    public FailoverMain candidate(RegionId site, Mode mode) throws IOException {
        String account = "failover-" + site;
        FailoverMain candidate = FailoverMain.start(
                config(site, mode),
                identities.credentials(account),
                new SpiffeVerifier(),
                LedgerEvents.NONE,
                meters,
                InstantSource.system());
        candidates.add(candidate);
        return candidate;
    }

    /** Chain, key and bundle of somebody who may command. */
    public List<Path> operator() {
        return identities.files(OPERATOR);
    }

    public LabDiscovery discovery(RegionId site) {
        return Objects.requireNonNull(discoveries.get(site), site.name());
    }

    /** The same ensemble, after it was away. */
    public void restartZooKeeper() throws IOException {
        zookeeper.close();
        zookeeper = EmbeddedZooKeeper.start(zookeeperFolder, "127.0.0.1", zookeeperPort);
    }

    /** Nobody hears the region any more, and it says nothing. */
    public void lose(RegionId region) {
        discovery(region).close();
        discoveries.values().forEach(site -> site.misses(region));
    }

    /** It says from now on that one region alone may serve its service. */
    public void single(RegionId region) {
        discovery(region).hasSingleWriter();
    }

    /** Its gateways answer, and nobody tells what it has seen. */
    public void hush(RegionId region) {
        discovery(region).close();
    }

    public void find(RegionId region) throws IOException {
        discovery(region).start();
        discoveries.values().forEach(site -> site.hears(region));
    }

    /** Writes these bytes as a leader could, and ends its term. */
    public void writePlan(byte[] bytes) throws InterruptedException {
        Candidate writer = new Candidate("writer", true);
        try (Leadership leadership =
                Leadership.start(consumer, writer, Servers.LAB_SESSION, () -> 0, System::nanoTime)) {
            Term term = await().atMost(LONG_ENOUGH)
                    .until(leadership::term, Optional::isPresent)
                    .orElseThrow();
            new ZooKeeperPlans(consumer).write(term, bytes, PlanStore.NO_PLAN);
        }
    }

    /** The bytes in ZooKeeper, whatever they are. */
    public byte[] storedPlan() throws IOException, InterruptedException {
        ByteBuffer plan = new ZooKeeperPlans(consumer).read().orElseThrow().plan();
        byte[] bytes = new byte[plan.remaining()];
        plan.get(bytes);
        return bytes;
    }

    /** The plan as its readers accept it: signed by somebody who may lead. */
    public Optional<TrafficPlan> plan() {
        try {
            return new ZooKeeperPlans(consumer)
                    .read()
                    .map(stored -> PlanCodec.open(
                            stored.plan(),
                            new SpiffeVerifier(),
                            consuming.bundles(),
                            id -> id.toString().contains("/sa/failover-"),
                            InstantSource.system().instant()))
                    .flatMap(FailoverLab::opened);
        } catch (IOException | InterruptedException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<TrafficPlan> opened(PlanCodec.Result result) {
        return switch (result) {
            case PlanCodec.Opened opened -> Optional.of(opened.plan());
            case PlanCodec.Refused _ -> Optional.empty();
        };
    }

    public String phase(RegionId region) {
        return plan().flatMap(plan -> plan.region(region))
                .map(one -> one.phase().name())
                .orElse("none");
    }

    /** The log of what a candidate there decided. */
    Path ledger(RegionId site) {
        return ledgers.resolve(site.name()).resolve(FailoverLedger.NAME);
    }

    /** How often the candidates moved the region where, as far as it was written. */
    public Map<String, Long> moves(RegionId region) {
        return meters.find("failover.moves").tags("region", region.name(), "outcome", "written").counters().stream()
                .collect(Collectors.toMap(
                        counter -> String.valueOf(counter.getId().getTag("to")), counter -> (long) counter.count()));
    }

    @Override
    public void close() {
        candidates.forEach(FailoverMain::close);
        discoveries.values().forEach(LabDiscovery::close);
        consumer.close();
        zookeeper.close();
    }

    FailoverConfig config(RegionId site, Mode mode) throws IOException {
        return new FailoverConfig(
                MESH,
                site,
                LabIdentities.CLUSTER,
                SITES.stream().map(this::declared).toList(),
                Servers.of(zookeeper.connectString(), List.of()),
                mode,
                Failback.AUTO,
                TIMING,
                FailoverConfig.DEFAULT_SLO,
                FailoverConfig.PolicySkew.WARN,
                Set.of(LabIdentities.id(OPERATOR)),
                Set.of(
                        LabIdentities.id("failover-us-east"),
                        LabIdentities.id("failover-us-west"),
                        LabIdentities.id("failover-witness")),
                SocketAddress.parse("127.0.0.1:" + freePort()),
                Optional.of(
                        new RoleLedger(ledgers.resolve(site.name()), LedgerMode.STRICT, Optional.empty(), List.of())),
                Optional.of(
                        new ConsoleConfig(SocketAddress.parse("127.0.0.1:" + freePort()), Set.of(), Optional.empty())));
    }

    private Site declared(RegionId site) {
        Replica replica = new Replica(discovery(site).address(), LabIdentities.id("discovery"));
        return new Site(site, site.equals(WITNESS), List.of(replica));
    }

    private PlanVersion accepted() {
        return plan().map(TrafficPlan::version).orElse(PlanVersion.NONE);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return free.getLocalPort();
        }
    }
}
