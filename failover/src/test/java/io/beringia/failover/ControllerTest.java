package io.beringia.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.LedgerRef;
import io.beringia.discovery.catalog.Overlay;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.decision.Decision;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.FailoverTiming;
import io.beringia.failover.decision.OperatorRules.Answer;
import io.beringia.failover.decision.SafetyRule;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.failover.health.Sites;
import io.beringia.failover.operator.OperatorCommand;
import io.beringia.failover.operator.Reply;
import io.beringia.failover.zookeeper.Candidate;
import io.beringia.failover.zookeeper.EmbeddedZooKeeper;
import io.beringia.failover.zookeeper.Ensemble;
import io.beringia.failover.zookeeper.Leadership;
import io.beringia.failover.zookeeper.PlanStore;
import io.beringia.failover.zookeeper.ZooKeeperPlans;
import io.beringia.trust.identity.SpiffeId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControllerTest {
    private static final RegionId EAST = new RegionId("us-east");
    private static final RegionId WEST = new RegionId("us-west");
    private static final RegionId WITNESS = new RegionId("witness");
    private static final SpiffeId LEADER = SpiffeId.parse("spiffe://cluster.local/ns/beringia/sa/failover");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration RENEW_AFTER = Duration.ofHours(12);
    private static final Duration SESSION = Duration.ofSeconds(2);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private volatile DecisionRecord record = DecisionRecord.NONE;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FakeSeal seal = new FakeSeal();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final AtomicLong silenceMillis = new AtomicLong(100);
    private EmbeddedZooKeeper zookeeper;
    private Ensemble ensemble;
    private Leadership leadership;

    @BeforeEach
    void start() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        zookeeper = EmbeddedZooKeeper.start(directory, "127.0.0.1", port);
        ensemble = Ensemble.connect(zookeeper.connectString(), SESSION, "test");
        leadership = Leadership.start(ensemble, new Candidate("witness", true), SESSION, () -> 0, System::nanoTime);
    }

    @AfterEach
    void stop() {
        leadership.close();
        ensemble.close();
        zookeeper.close();
    }

    @Test
    void a_silent_region_is_evacuated_by_one_fenced_plan() throws Exception {
        Controller controller = controller(FailoverConfig.Mode.AUTO);
        Thread loop = Thread.ofVirtual().name("controller").start(controller);
        try {
            await().atMost(LONG_ENOUGH).until(() -> stored().isPresent());
            PlanVersion first = stored().orElseThrow().version();

            silenceMillis.set(4_000);
            await().atMost(LONG_ENOUGH).until(() -> phase(stored()) == RegionPhase.EVACUATING);

            TrafficPlan plan = stored().orElseThrow();
            assertThat(plan.defaultRow(EAST)).as("its clients").contains(Shares.all(WEST));
            assertThat(plan.version()).isGreaterThan(first);
            await().atMost(LONG_ENOUGH)
                    .until(() -> controller
                            .latest()
                            .filter(view -> phase(Optional.of(view.plan())) == RegionPhase.EVACUATING)
                            .isPresent());
        } finally {
            end(loop);
        }
    }

    @Test
    void a_dry_run_decides_and_writes_nothing() throws Exception {
        Controller controller = controller(FailoverConfig.Mode.DRY_RUN);
        Thread loop = Thread.ofVirtual().name("controller").start(controller);
        try {
            silenceMillis.set(4_000);
            await().atMost(LONG_ENOUGH)
                    .until(() -> controller
                            .latest()
                            .filter(view -> phase(Optional.of(view.plan())) == RegionPhase.EVACUATING)
                            .isPresent());

            assertThat(stored()).as("in ZooKeeper").isEmpty();
        } finally {
            end(loop);
        }
    }

    @Test
    void an_operator_is_answered_and_obeyed_by_the_leader_only() throws Exception {
        Controller controller = controller(FailoverConfig.Mode.AUTO);
        Thread loop = Thread.ofVirtual().name("controller").start(controller);
        try {
            await().atMost(LONG_ENOUGH).until(() -> stored().isPresent());

            assertThat(answer(ask(controller, EAST))).isInstanceOf(Answer.Obeyed.class);
            assertThat(phase(stored())).isEqualTo(RegionPhase.EVACUATING);
            assertThat(answer(ask(controller, WEST))).isInstanceOf(Answer.Blocked.class);
            assertThat(stored().orElseThrow().overrides()).hasSize(1);

            leadership.close();
            assertThat(ask(controller, WEST)).isEqualTo(new Reply.NoLeader());
        } finally {
            end(loop);
        }
    }

    @Test
    void a_leader_whose_lease_has_run_out_decides_and_notes_nothing() throws Exception {
        AtomicLong aheadNanos = new AtomicLong();
        Controller controller = controller(FailoverConfig.Mode.AUTO, () -> System.nanoTime() + aheadNanos.get());
        Thread loop = Thread.ofVirtual().name("controller").start(controller);
        try {
            await().atMost(LONG_ENOUGH).until(() -> stored().isPresent());
            PlanVersion before = stored().orElseThrow().version();

            aheadNanos.set(SESSION.toNanos());
            silenceMillis.set(4_000);
            await().atMost(LONG_ENOUGH)
                    .until(() -> controller
                            .latest()
                            .filter(view ->
                                    view.decision().equals(new Decision.Hold("no fence", List.of(SafetyRule.FENCE))))
                            .isPresent());

            assertThat(answer(ask(controller, EAST)))
                    .isEqualTo(new Answer.Blocked(SafetyRule.FENCE, "lease left: PT0S"));
            assertThat(stored().orElseThrow().version()).isEqualTo(before);
        } finally {
            end(loop);
        }
    }

    @Test
    void an_override_that_expires_leaves_the_plan_with_its_overlay() throws Exception {
        Controller controller = controller(FailoverConfig.Mode.AUTO);
        Thread loop = Thread.ofVirtual().name("controller").start(controller);
        try {
            await().atMost(LONG_ENOUGH).until(() -> stored().isPresent());
            OperatorCommand freeze = new OperatorCommand.Freeze(
                    Optional.of(EAST),
                    new OperatorCommand.Order(LEADER, "test", NOW.plus(Duration.ofHours(1)), List.of()));
            assertThat(answer(controller.ask(freeze).get(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS)))
                    .isEqualTo(new Answer.Noted());
            await().atMost(LONG_ENOUGH).until(() -> overlays().contains(Overlay.FROZEN));
            assertThat(stored().orElseThrow().overrides()).hasSize(1);

            now.set(NOW.plus(Duration.ofHours(1)));
            await().atMost(LONG_ENOUGH).until(() -> overlays().isEmpty());
            assertThat(stored().orElseThrow().overrides()).isEmpty();
        } finally {
            end(loop);
        }
    }

    @Test
    void a_plan_is_signed_again_when_its_signature_is_half_as_old_as_it_may_be() throws Exception {
        Controller controller = controller(FailoverConfig.Mode.AUTO);
        Thread loop = Thread.ofVirtual().name("controller").start(controller);
        try {
            await().atMost(LONG_ENOUGH).until(() -> stored().isPresent());
            TrafficPlan before = stored().orElseThrow();

            now.set(NOW.plus(RENEW_AFTER));
            await().atMost(LONG_ENOUGH)
                    .until(() -> stored().orElseThrow().version().compareTo(before.version()) > 0);
            assertThat(stored().orElseThrow().regions()).isEqualTo(before.regions());
            assertThat(stored().orElseThrow().decidedAt()).isEqualTo(NOW.plus(RENEW_AFTER));
        } finally {
            end(loop);
        }
    }

    @Test
    void a_leader_that_must_read_the_plan_anew_goes_on_counting() throws Exception {
        Controller controller = controller(FailoverConfig.Mode.AUTO);
        Thread loop = Thread.ofVirtual().name("controller").start(controller);
        try {
            await().atMost(LONG_ENOUGH).until(() -> stored().isPresent());
            now.set(NOW.plus(RENEW_AFTER));
            await().atMost(LONG_ENOUGH)
                    .until(() -> stored().orElseThrow().version().seq() > 1);
            TrafficPlan before = stored().orElseThrow();
            PlanStore store = new ZooKeeperPlans(ensemble);
            store.write(
                    leadership.term().orElseThrow(),
                    seal.seal(before),
                    store.read().orElseThrow().version());

            assertThat(ask(controller, EAST))
                    .as("on a plan that somebody replaced")
                    .isInstanceOf(Reply.Failed.class);
            await().atMost(LONG_ENOUGH)
                    .until(() -> ask(controller, EAST) instanceof Reply.Answered again
                            && again.answer() instanceof Answer.Obeyed);
            assertThat(stored().orElseThrow().version()).isGreaterThan(before.version());
        } finally {
            end(loop);
        }
    }

    @Test
    void a_decision_is_recorded_before_its_plan_stands_anywhere() throws Exception {
        List<String> entries = new CopyOnWriteArrayList<>();
        record = (plan, cause, basis) -> {
            entries.add(plan.version() + " after " + standing() + " "
                    + cause.operator().isPresent());
            return new DecisionRecord.Outcome.Lasting(new LedgerRef("a log", entries.size(), "0".repeat(64)));
        };
        Controller controller = controller(FailoverConfig.Mode.AUTO);
        Thread loop = Thread.ofVirtual().name("controller").start(controller);
        try {
            await().atMost(LONG_ENOUGH).until(() -> stored().isPresent());
            assertThat(ask(controller, EAST)).isInstanceOf(Reply.Answered.class);

            long epoch = stored().orElseThrow().version().epoch();
            PlanVersion first = new PlanVersion(epoch, 1);
            PlanVersion second = new PlanVersion(epoch, 2);
            assertThat(entries)
                    .startsWith(first + " after " + PlanVersion.NONE + " false", second + " after " + first + " true");
            assertThat(stored().orElseThrow().ledger().map(LedgerRef::index))
                    .as("the plan says where")
                    .contains((long) entries.size());
        } finally {
            end(loop);
        }
    }

    @Test
    void a_plan_whose_decision_cannot_be_recorded_is_not_written_until_it_can() throws Exception {
        AtomicReference<DecisionRecord.Outcome> outcome =
                new AtomicReference<>(new DecisionRecord.Outcome.Missing("disk is slow"));
        record = (plan, cause, basis) -> Objects.requireNonNull(outcome.get());
        Controller controller = controller(FailoverConfig.Mode.AUTO);
        Thread loop = Thread.ofVirtual().name("controller").start(controller);
        try {
            await().atMost(LONG_ENOUGH).until(() -> stored().isPresent());
            PlanVersion before = stored().orElseThrow().version();
            assertThat(meters.get("failover.decisions.unrecorded").counter().count())
                    .isPositive();

            outcome.set(new DecisionRecord.Outcome.Refused("disk is full"));
            silenceMillis.set(4_000);
            await().atMost(LONG_ENOUGH)
                    .until(() -> ask(controller, WEST) instanceof Reply.Failed failed
                            && failed.why().contains("disk is full"));
            assertThat(controller.latest()).as("what it would decide on").isEmpty();
            assertThat(stored().orElseThrow().version())
                    .as("the last good plan")
                    .isEqualTo(before);

            outcome.set(new DecisionRecord.Outcome.Unwanted());
            await().atMost(LONG_ENOUGH).until(() -> phase(stored()) == RegionPhase.EVACUATING);
        } finally {
            end(loop);
        }
    }

    private List<Overlay> overlays() throws Exception {
        return stored().orElseThrow().region(EAST).orElseThrow().overlays();
    }

    private Reply ask(Controller controller, RegionId region) throws Exception {
        OperatorCommand command = new OperatorCommand.Evacuate(
                region,
                new OperatorCommand.Order(
                        LEADER, "test", Objects.requireNonNull(now.get()).plus(Duration.ofHours(1)), List.of()));
        return controller.ask(command).get(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS);
    }

    private static Answer answer(Reply reply) {
        return ((Reply.Answered) reply).answer();
    }

    private Controller controller(FailoverConfig.Mode mode) {
        return controller(mode, System::nanoTime);
    }

    private Controller controller(FailoverConfig.Mode mode, LongSupplier nanoTime) {
        Sites sites = new Sites(List.of(EAST, WEST), List.of(WITNESS));
        return new Controller(
                new Controller.Sources(leadership::term, this::evidence, view -> {}, now::get, nanoTime),
                FailoverPolicy.of(sites, FailoverTiming.STANDARD),
                mode,
                record,
                new ZooKeeperPlans(ensemble),
                seal,
                new Controller.Identity("test", LEADER),
                new FailoverTelemetry(meters));
    }

    private List<SiteEvidence> evidence() {
        return List.of(site(WEST), site(WITNESS));
    }

    private SiteEvidence site(RegionId site) {
        Duration silent = Duration.ofMillis(silenceMillis.get());
        PathState state = silent.toSeconds() > 1 ? PathState.DOWN : PathState.UP;
        PathReport path = new PathReport(EAST, state, silent, Duration.ofMillis(70), false);
        PathReport toWest = new PathReport(WEST, PathState.UP, Duration.ZERO, Duration.ofMillis(70), false);
        ObserverReport observer = new ObserverReport(
                "gateway-0",
                Duration.ofMillis(100),
                0,
                true,
                site.equals(WEST) ? List.of(path) : List.of(path, toWest),
                List.of(),
                List.of(),
                Duration.ofHours(1));
        return new SiteEvidence(
                new RegionEvidence(site, List.of(observer), List.of(), List.of(), Proxies.NONE), Duration.ZERO);
    }

    private Optional<TrafficPlan> stored() throws Exception {
        return new ZooKeeperPlans(ensemble).read().map(one -> seal.open(one.plan()));
    }

    private PlanVersion standing() throws InterruptedException {
        try {
            return new ZooKeeperPlans(ensemble)
                    .read()
                    .map(one -> seal.open(one.plan()).version())
                    .orElse(PlanVersion.NONE);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static RegionPhase phase(Optional<TrafficPlan> plan) {
        return plan.orElseThrow().region(EAST).orElseThrow().phase();
    }

    private static void end(Thread loop) throws InterruptedException {
        loop.interrupt();
        loop.join(LONG_ENOUGH);
    }

    /** Bytes are a number under which it remembers the plan. */
    private static final class FakeSeal implements PlanSeal {
        private final Map<Integer, TrafficPlan> plans = new ConcurrentHashMap<>();
        private final AtomicInteger next = new AtomicInteger();

        @Override
        public byte[] seal(TrafficPlan plan) {
            int number = next.incrementAndGet();
            plans.put(number, plan);
            return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
        }

        @Override
        public Duration renewAfter() {
            return RENEW_AFTER;
        }

        @Override
        public TrafficPlan open(ByteBuffer sealed) {
            TrafficPlan plan = plans.get(sealed.getInt(sealed.position()));
            if (plan == null) {
                throw new IllegalArgumentException("plan: unknown bytes (expected: sealed here)");
            }
            return plan;
        }
    }
}
