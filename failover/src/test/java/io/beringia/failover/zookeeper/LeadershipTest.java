package io.beringia.failover.zookeeper;

import static io.beringia.failover.zookeeper.TestZooKeeper.SESSION;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeadershipTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private static TestZooKeeper zookeeper;

    @BeforeAll
    static void start() throws Exception {
        zookeeper = TestZooKeeper.start(directory);
    }

    @AfterAll
    static void stop() {
        zookeeper.close();
    }

    @AfterEach
    void forgetThePlan() throws Exception {
        try (Ensemble any = zookeeper.connect()) {
            if (any.client().checkExists().forPath(any.paths().plan()) != null) {
                any.client().delete().forPath(any.paths().plan());
            }
        }
    }

    @Test
    void one_of_two_leads_and_the_other_takes_over_with_a_greater_epoch() {
        try (Ensemble east = zookeeper.connect();
                Ensemble west = zookeeper.connect();
                Leadership first = candidate(east, "east")) {
            Term before = awaitTerm(first);
            try (Leadership second = candidate(west, "west")) {
                assertThat(second.term()).as("while the first leads").isEmpty();

                first.close();
                Term after = awaitTerm(second);

                assertThat(first.term()).as("after it handed over").isEmpty();
                assertThat(after.epoch()).isGreaterThan(before.epoch());
                assertThat(after.session()).as("granted").isEqualTo(SESSION);
            }
        }
    }

    @Test
    void an_old_leader_that_slept_writes_nothing() throws Exception {
        try (Ensemble east = zookeeper.connect();
                Ensemble west = zookeeper.connect();
                Leadership first = candidate(east, "east");
                Leadership second = candidate(west, "west")) {
            await().atMost(LONG_ENOUGH)
                    .until(() -> first.term().isPresent() || second.term().isPresent());
            Leadership leader = first.term().isPresent() ? first : second;
            Leadership other = leader == first ? second : first;
            Term old = awaitTerm(leader);
            PlanStore itsStore = new ZooKeeperPlans(leader == first ? east : west);
            PlanStore othersStore = new ZooKeeperPlans(leader == first ? west : east);
            assertThat(itsStore.write(old, bytes("one"), PlanStore.NO_PLAN))
                    .isEqualTo(new PlanStore.Outcome.Written(0));

            leader.close();
            Term fresh = awaitTerm(other);

            assertThat(itsStore.write(old, bytes("stale"), 0))
                    .isEqualTo(new PlanStore.Outcome.Refused("a newer epoch exists"));
            assertThat(othersStore.write(fresh, bytes("two"), 0)).isEqualTo(new PlanStore.Outcome.Written(1));
            assertThat(othersStore
                            .read()
                            .map(stored -> UTF_8.decode(stored.plan()).toString()))
                    .contains("two");
        }
    }

    @Test
    void a_leader_behind_a_black_hole_ends_before_the_next_begins() throws Exception {
        try (CuttableLink link = CuttableLink.to(zookeeper.port());
                Ensemble east = link.connect(SESSION);
                Ensemble west = zookeeper.connect();
                Leadership cut = candidate(east, "east")) {
            Term old = awaitTerm(cut);
            try (Leadership next = candidate(west, "west")) {
                link.loseEverything();
                await().atMost(LONG_ENOUGH).until(() -> next.term().isPresent());

                assertThat(cut.term()).as("the lease of who cannot be heard").isEmpty();
                Term fresh = awaitTerm(next);
                assertThat(fresh.epoch()).isGreaterThan(old.epoch());

                link.heal();
                assertThat(new ZooKeeperPlans(east).write(old, bytes("stale"), PlanStore.NO_PLAN))
                        .isEqualTo(new PlanStore.Outcome.Refused("a newer epoch exists"));
            }
        }
    }

    @Test
    void a_write_whose_reply_is_lost_is_looked_up_and_not_sent_again() throws Exception {
        try (CuttableLink link = CuttableLink.to(zookeeper.port());
                Ensemble east = link.connect(SESSION);
                Ensemble direct = zookeeper.connect();
                Leadership leadership = candidate(east, "east")) {
            Term term = awaitTerm(leadership);
            PlanStore store = new ZooKeeperPlans(east);
            PlanStore witness = new ZooKeeperPlans(direct);

            link.loseReplies();
            CompletableFuture<PlanStore.Outcome> outcome = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    outcome.complete(store.write(term, bytes("once"), PlanStore.NO_PLAN));
                } catch (InterruptedException | RuntimeException failed) {
                    outcome.completeExceptionally(failed);
                }
            });
            await().atMost(LONG_ENOUGH).until(() -> witness.read().isPresent());
            link.heal();

            assertThat(outcome.get(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(new PlanStore.Outcome.Written(0));
            assertThat(witness.read().map(PlanStore.Stored::version))
                    .as("written once")
                    .contains(0);
        }
    }

    @Test
    void a_plan_that_somebody_else_replaced_is_not_replaced_again() throws Exception {
        try (Ensemble east = zookeeper.connect();
                Leadership leadership = candidate(east, "east")) {
            Term term = awaitTerm(leadership);
            PlanStore store = new ZooKeeperPlans(east);
            store.write(term, bytes("one"), PlanStore.NO_PLAN);

            assertThat(store.write(term, bytes("two"), PlanStore.NO_PLAN))
                    .isEqualTo(new PlanStore.Outcome.Refused("the plan is another one"));
            assertThat(store.write(term, bytes("two"), 7))
                    .isEqualTo(new PlanStore.Outcome.Refused("the plan is another one"));
            assertThatThrownBy(() -> store.write(term, new byte[PlanStore.PLAN_BYTES_MAX + 1], 0))
                    .hasMessage("plan: 524289 bytes (expected: at most 524288)");
        }
    }

    @Test
    void the_lease_runs_on_the_given_clock_alone() {
        AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
        try (Ensemble east = zookeeper.connect();
                Leadership leadership =
                        Leadership.start(east, new Candidate("east", true), SESSION, () -> 0, clock::get)) {
            Term term = awaitTerm(leadership);

            assertThat(term.left(clock.get()))
                    .as("2/3 - 1/8 of 2 s")
                    .isBetween(Duration.ofMillis(1_083), Duration.ofMillis(1_084));
            assertThat(term.fence(clock.get()).holds()).isTrue();
            assertThat(term.fence(clock.get() + Duration.ofMillis(600).toNanos())
                            .holds())
                    .as("less than a quarter of the session is left")
                    .isFalse();
            assertThat(term.left(clock.get() + SESSION.toNanos())).isZero();
        }
    }

    @Test
    void an_ensemble_that_lost_its_past_starts_above_what_consumers_obey() {
        long accepted = (5L << 32) | 77;
        try (Ensemble east = zookeeper.connect();
                Leadership leadership = Leadership.start(
                        east, new Candidate("east", true), SESSION, () -> accepted, System::nanoTime)) {
            assertThat(awaitTerm(leadership).epoch() >>> 32).isEqualTo(6);
        }
    }

    @Test
    void epochs_rise_within_a_generation_and_jump_only_when_they_must() {
        assertThat(new Epoch(0, 6).after(0)).isEqualTo(new Epoch(0, 7));
        assertThat(new Epoch(0, 6).after(6)).isEqualTo(new Epoch(0, 7));
        assertThat(new Epoch(0, 6).after(7)).as("not equal, greater").isEqualTo(new Epoch(1, 7));
        assertThat(new Epoch(3, 0).after((9L << 32) | 1)).isEqualTo(new Epoch(10, 1));
        assertThat(Epoch.of(ByteBuffer.wrap(new Epoch(9, 4).data()), 4)).isEqualTo(new Epoch(9, 4));
        assertThat(Epoch.of(ByteBuffer.allocate(0), 4)).isEqualTo(new Epoch(0, 4));
    }

    @Test
    void the_embedded_server_listens_on_loopback_only() {
        assertThatThrownBy(() -> EmbeddedZooKeeper.start(directory, "0.0.0.0", 2181))
                .hasMessage("zookeeper address: 0.0.0.0 (expected: a loopback address)");
        assertThatThrownBy(() -> new FailoverPaths("../other")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_region_gives_the_latch_up_to_a_witness_once_nothing_is_in_progress() {
        try (Ensemble east = zookeeper.connect();
                Ensemble outside = zookeeper.connect();
                Leadership region =
                        Leadership.start(east, new Candidate("us-east", false), SESSION, () -> 0, System::nanoTime)) {
            Term first = awaitTerm(region);
            try (Leadership witness = candidate(outside, "witness")) {
                await().during(Duration.ofSeconds(1))
                        .atMost(LONG_ENOUGH)
                        .until(() -> region.term().isPresent() && witness.term().isEmpty());

                region.mayYield(true);
                assertThat(awaitTerm(witness).epoch()).isGreaterThan(first.epoch());
                assertThat(region.term()).isEmpty();

                witness.close();
                assertThat(awaitTerm(region).epoch()).isGreaterThan(first.epoch());
            }
        }
    }

    private static Leadership candidate(Ensemble ensemble, String name) {
        return Leadership.start(ensemble, new Candidate(name, true), SESSION, () -> 0, System::nanoTime);
    }

    private static Term awaitTerm(Leadership leadership) {
        return await().atMost(LONG_ENOUGH)
                .until(leadership::term, Optional::isPresent)
                .orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
