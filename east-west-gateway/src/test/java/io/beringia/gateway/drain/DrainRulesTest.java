package io.beringia.gateway.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.drain.DrainRules.Act;
import io.beringia.gateway.drain.DrainRules.Seen;
import io.beringia.gateway.drain.DrainRules.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DrainRulesTest {
    private static final DrainConfig CONFIG =
            new DrainConfig(Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofSeconds(600));
    private static final Seen BUSY = new Seen(100, 3);
    private static final Seen EMPTY = new Seen(0, 0);
    private static final Act NOTHING = new Act.Nothing();

    private static long at(double seconds) {
        return Math.round(seconds * 1e9);
    }

    private static Step next(DrainState state, Seen seen, double seconds) {
        return DrainRules.next(CONFIG, state, seen, at(seconds));
    }

    @Test
    void goes_on_accepting_even_when_nobody_is_there() {
        DrainState accepting = new DrainState.Accepting(at(0));
        assertThat(next(accepting, EMPTY, 14.9)).isEqualTo(new Step(accepting, NOTHING));
        assertThat(next(accepting, BUSY, 14.9)).isEqualTo(new Step(accepting, NOTHING));
        assertThat(next(accepting, EMPTY, 15))
                .isEqualTo(new Step(new DrainState.Leaving(at(15)), new Act.SayGoodbye()));
    }

    @Test
    void is_over_when_all_have_heard_goodbye_and_every_tunnel_has_ended() {
        DrainState leaving = new DrainState.Leaving(at(15));
        assertThat(next(leaving, new Seen(0, 1), 20).state())
                .as("a peer may still open one")
                .isEqualTo(leaving);
        assertThat(next(leaving, new Seen(1, 0), 20).state())
                .as("a tunnel goes on")
                .isEqualTo(leaving);
        assertThat(next(leaving, EMPTY, 20)).isEqualTo(new Step(new DrainState.Over(), NOTHING));
    }

    @Test
    void the_deadline_counts_from_the_last_goodbye() {
        DrainState leaving = new DrainState.Leaving(at(15));
        assertThat(next(leaving, BUSY, 644.9)).isEqualTo(new Step(leaving, NOTHING));
        assertThat(next(leaving, BUSY, 645))
                .isEqualTo(new Step(new DrainState.Cutting(at(645), 100, 0), new Act.Report()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 19, 20, 21, 100, 12_345})
    void what_is_left_is_cut_in_slices_of_a_twentieth_a_second(int residue) {
        DrainState state = new DrainState.Cutting(at(0), residue, 0);
        int open = residue;
        List<Integer> slices = new ArrayList<>();
        for (double seconds = 0; !(state instanceof DrainState.Over); seconds += 0.25) {
            Step step = next(state, new Seen(open, 0), seconds);
            state = step.state();
            if (step.act() instanceof Act.Cut cut) {
                slices.add(cut.tunnels());
                open -= cut.tunnels();
                assertThat(seconds).as("one slice a second").isEqualTo(Math.floor(seconds));
            }
            assertThat(seconds).as("it ends").isLessThan(21);
        }
        assertThat(slices.stream().mapToInt(it -> it).sum()).isEqualTo(residue);
        assertThat(slices).allSatisfy(slice -> assertThat(slice).isLessThanOrEqualTo((residue + 19) / 20));
    }

    @Test
    void who_came_in_late_goes_with_the_last_slice() {
        DrainState cutting = new DrainState.Cutting(at(0), 20, 19);
        assertThat(next(cutting, new Seen(4, 1), 19).act()).isEqualTo(new Act.Cut(4));
    }

    @Test
    void a_look_that_comes_late_makes_up_for_it() {
        DrainState cutting = new DrainState.Cutting(at(0), 20, 2);
        assertThat(next(cutting, new Seen(18, 0), 9).act()).isEqualTo(new Act.Cut(8));
    }

    @Test
    void nothing_follows_the_end() {
        DrainState over = new DrainState.Over();
        assertThat(next(over, BUSY, 9_999)).isEqualTo(new Step(over, NOTHING));
    }
}
