package io.beringia.failover.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.failover.zookeeper.PlanStore;
import io.beringia.failover.zookeeper.PlanStore.Outcome;
import io.beringia.failover.zookeeper.Term;
import io.beringia.failover.zookeeper.ZooKeeperPlans;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Of a store that answers by a script; {@link FailoverBenchTest} has a real one. */
final class StaleWritesTest {
    private static final Term NOW = new Term(7, 3, Long.MAX_VALUE, Duration.ofSeconds(4));
    private static final Outcome FENCED = new Outcome.Refused(ZooKeeperPlans.NEWER_EPOCH);
    private static final Outcome OTHER_PLAN = new Outcome.Refused("the plan is another one");

    private final List<String> asked = new ArrayList<>();

    @Test
    void what_the_epoch_before_writes_counts_and_whoever_leads_writes_in_the_end() throws Exception {
        assertThat(accepted(2, FENCED, FENCED, new Outcome.Written(6))).isZero();
        assertThat(asked).containsExactly("6 at 5", "6 at 5", "7 at 5");
    }

    @Test
    void one_that_is_accepted_counts_and_the_next_replaces_it() throws Exception {
        assertThat(accepted(3, FENCED, new Outcome.Written(6), FENCED, new Outcome.Written(7)))
                .isEqualTo(1);
        assertThat(asked).containsExactly("6 at 5", "6 at 5", "6 at 6", "7 at 6");
    }

    @Test
    void one_whose_end_nobody_knows_or_that_is_refused_for_its_version_is_no_proof() {
        assertThatThrownBy(() -> accepted(1, new Outcome.Unclear("reply lost: CONNECTIONLOSS")))
                .isInstanceOf(IOException.class)
                .hasMessage("plan unclear: reply lost: CONNECTIONLOSS");
        assertThatThrownBy(() -> accepted(1, OTHER_PLAN))
                .isInstanceOf(IOException.class)
                .hasMessage("plan refused: the plan is another one");
    }

    @Test
    void a_store_that_refuses_whoever_leads_proves_nothing() {
        assertThatThrownBy(() -> accepted(1, FENCED, FENCED))
                .isInstanceOf(IOException.class)
                .hasMessage("plan refused: a newer epoch exists");
    }

    private int accepted(int writes, Outcome... answers) throws IOException, InterruptedException {
        return WriteBench.accepted(new Scripted(new ArrayDeque<>(List.of(answers))), () -> NOW, new byte[1], 5, writes);
    }

    private final class Scripted implements PlanStore {
        private final Deque<Outcome> answers;

        Scripted(Deque<Outcome> answers) {
            this.answers = answers;
        }

        @Override
        public Optional<Stored> read() {
            return Optional.empty();
        }

        @Override
        public Outcome write(Term term, byte[] plan, int version) {
            asked.add(term.epoch() + " at " + version);
            return answers.remove();
        }
    }
}
