package io.beringia.discovery.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.wire.PlanCodec;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** The least that the server grants; how long a question to one that is gone takes. */
    private static final Duration SESSION = Duration.ofSeconds(1);

    private static final String NODE = "/beringia/mesh/failover/plan";
    private static final TrustDomain DOMAIN = new TrustDomain("mesh.example");
    private static final SpiffeId LEADER = SpiffeId.ofWorkload(DOMAIN, "beringia-system", "failover");
    private static final Authority MESH = Authority.root(DOMAIN).intermediate("us-east");
    private static final X509Svid SVID = MESH.svid(LEADER, Duration.ofHours(1));

    private final BlockingQueue<TrafficPlan> obeyed = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final List<PlanWatch> watches = new ArrayList<>();

    @TempDir
    Path directory;

    private TestingServer zookeeper;
    private CuratorFramework leader;

    @BeforeEach
    void start() throws Exception {
        zookeeper = new TestingServer(true);
        leader = CuratorFrameworkFactory.newClient(zookeeper.getConnectString(), new RetryNTimes(50, 100));
        leader.start();
    }

    @AfterEach
    void stop() throws Exception {
        watches.forEach(PlanWatch::close);
        leader.close();
        zookeeper.close();
    }

    @Test
    void each_greater_plan_is_obeyed_as_it_comes() throws Exception {
        PlanWatch watch = watch();
        write(plan(1, 1, "a"));
        assertThat(next()).isEqualTo(plan(1, 1, "a"));

        write(plan(1, 2, "b"));
        assertThat(next()).isEqualTo(plan(1, 2, "b"));
        write(plan(2, 1, "c"));
        assertThat(next()).isEqualTo(plan(2, 1, "c"));

        await().atMost(PATIENCE)
                .until(() -> watch.view().equals(new PlanWatch.View(new PlanVersion(2, 1), Optional.empty(), true)));
        assertThat(heard).containsExactly("accepted 1.1", "accepted 1.2", "accepted 2.1");
    }

    @Test
    void an_older_plan_is_refused_and_the_last_one_stays() throws Exception {
        PlanWatch watch = watch();
        write(plan(2, 1, "a"));
        assertThat(next()).isEqualTo(plan(2, 1, "a"));

        write(plan(1, 9, "b"));

        awaitHeard("refused plan 1.9 (expected: above 2.1)");
        assertThat(obeyed).isEmpty();
        assertThat(watch.view().accepted()).isEqualTo(new PlanVersion(2, 1));
    }

    @Test
    void two_plans_of_one_version_freeze_until_a_greater_one() throws Exception {
        PlanWatch watch = watch();
        write(plan(1, 1, "a"));
        assertThat(next()).isEqualTo(plan(1, 1, "a"));

        write(plan(1, 1, "b"));
        awaitHeard("frozen two plans of one version");
        await().atMost(PATIENCE).until(() -> watch.view().frozen().isPresent());
        assertThat(obeyed).isEmpty();

        write(plan(1, 2, "c"));
        assertThat(next()).isEqualTo(plan(1, 2, "c"));
        await().atMost(PATIENCE).until(() -> watch.view().frozen().isEmpty());
    }

    @Test
    void a_plan_of_another_mesh_or_by_somebody_else_is_refused() throws Exception {
        watch();
        write(plan("other", LEADER, 1, 1, "a"), SVID);
        awaitHeard("refused mesh: \"other\"");

        X509Svid stranger = MESH.svid(SpiffeId.ofWorkload(DOMAIN, "demo", "echo"), Duration.ofHours(1));
        write(plan("mesh", stranger.id(), 1, 2, "a"), stranger);
        awaitHeard("refused signer");

        leader.setData().forPath(NODE, new byte[] {1, 2, 3});
        awaitHeard("refused plan: ");
        assertThat(obeyed).isEmpty();
    }

    @Test
    void the_last_plan_survives_a_restart_without_zookeeper() throws Exception {
        PlanWatch first = watch();
        write(plan(3, 4, "a"));
        assertThat(next()).isEqualTo(plan(3, 4, "a"));
        first.close();
        zookeeper.stop();

        PlanWatch second = watch();

        assertThat(next()).isEqualTo(plan(3, 4, "a"));
        awaitHeard("unreachable");
        assertThat(second.view()).isEqualTo(new PlanWatch.View(new PlanVersion(3, 4), Optional.empty(), false));
    }

    @Test
    void a_restart_obeys_no_older_plan() throws Exception {
        PlanWatch first = watch();
        write(plan(3, 4, "a"));
        assertThat(next()).isEqualTo(plan(3, 4, "a"));
        first.close();
        write(plan(3, 3, "b"));

        watch();

        assertThat(next()).as("from the disk").isEqualTo(plan(3, 4, "a"));
        awaitHeard("refused plan 3.3 (expected: above 3.4)");
        assertThat(obeyed).isEmpty();
    }

    @Test
    void a_damaged_plan_keeps_its_version_and_is_fetched_again() throws Exception {
        PlanWatch first = watch();
        write(plan(3, 4, "a"));
        assertThat(next()).isEqualTo(plan(3, 4, "a"));
        first.close();
        byte[] kept = Files.readAllBytes(file());
        Files.write(file(), Arrays.copyOf(kept, kept.length - 1));
        write(plan(3, 3, "b"));

        watch();
        awaitHeard("not kept");
        awaitHeard("refused plan 3.3 (expected: above 3.4)");
        assertThat(obeyed).isEmpty();

        write(plan(3, 4, "a"));
        assertThat(next()).as("the same one again").isEqualTo(plan(3, 4, "a"));
    }

    @Test
    void a_file_of_which_nothing_is_sure_freezes_until_a_quorum_says_what_stands() throws Exception {
        PlanWatch first = watch();
        write(plan(3, 4, "a"));
        assertThat(next()).isEqualTo(plan(3, 4, "a"));
        first.close();
        byte[] kept = Files.readAllBytes(file());
        kept[18] ^= 1;
        Files.write(file(), kept);
        zookeeper.stop();

        PlanWatch second = watch();
        awaitHeard("frozen");
        assertThat(obeyed).isEmpty();
        assertThat(second.view().frozen()).isPresent();

        zookeeper.restart();
        assertThat(next()).isEqualTo(plan(3, 4, "a"));
        await().atMost(PATIENCE).until(() -> second.view().frozen().isEmpty());
    }

    @Test
    void a_plan_that_cannot_be_kept_is_obeyed_and_kept_later() throws Exception {
        Path folder = directory.resolve("missing");
        PlanWatch watch = watch(folder.resolve("plan"));
        write(plan(1, 1, "a"));

        assertThat(next()).isEqualTo(plan(1, 1, "a"));
        awaitHeard("not kept");
        Files.createDirectory(folder);
        await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve("plan")));
        assertThat(watch.view().accepted()).isEqualTo(new PlanVersion(1, 1));
    }

    private PlanWatch watch() {
        return watch(file());
    }

    private PlanWatch watch(Path file) {
        PlanWatch watch = PlanWatch.start(
                new PlanConfig(zookeeper.getConnectString(), SESSION, "mesh", Set.of(LEADER), file),
                new PlanWatch.Trust(new SpiffeVerifier(), new Fixed(SVID, MESH.bundles()), InstantSource.system()),
                obeyed::put,
                new Heard());
        watches.add(watch);
        return watch;
    }

    private Path file() {
        return directory.resolve("plan");
    }

    private TrafficPlan next() throws InterruptedException {
        TrafficPlan plan = obeyed.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(plan).isNotNull();
        return plan;
    }

    private void awaitHeard(String start) {
        await().atMost(PATIENCE).until(() -> heard.stream().anyMatch(said -> said.startsWith(start)));
    }

    private void write(TrafficPlan plan) throws Exception {
        write(plan, SVID);
    }

    private void write(TrafficPlan plan, X509Svid svid) throws Exception {
        leader.create().orSetData().creatingParentsIfNeeded().forPath(NODE, PlanCodec.sign(plan, svid));
    }

    private static TrafficPlan plan(long epoch, long seq, String content) {
        return plan("mesh", LEADER, epoch, seq, content);
    }

    private static TrafficPlan plan(String mesh, SpiffeId by, long epoch, long seq, String content) {
        return new TrafficPlan(
                TrafficPlan.FORMAT,
                mesh,
                new PlanVersion(epoch, seq),
                by,
                Instant.parse("2026-01-01T00:00:00Z"),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                content,
                Optional.empty());
    }

    private final class Heard implements PlanWatch.Listener {
        @Override
        public void onAccepted(PlanVersion version, boolean isChainExpired) {
            heard.add("accepted " + version);
        }

        @Override
        public void onRefused(String why) {
            heard.add("refused " + why);
        }

        @Override
        public void onFrozen(String why) {
            heard.add("frozen " + why);
        }

        @Override
        public void onNotKept(String why) {
            heard.add("not kept " + why);
        }

        @Override
        public void onUnreachable(String why) {
            heard.add("unreachable " + why);
        }
    }

    private record Fixed(X509Svid svid, TrustBundles bundles) implements Credentials {
        @Override
        public Subscription subscribe(Runnable onChange) {
            return () -> {};
        }
    }
}
