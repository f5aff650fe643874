package io.beringia.gateway.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The watch with gauges that the test turns. */
final class OverloadWatchTest {
    private double pressure;
    private final List<String> acts = new ArrayList<>();
    private final OverloadWatch watch =
            new OverloadWatch(() -> OverloadRulesTest.direct(pressure), new OverloadWatch.Acts() {
                @Override
                public void onLevel(OverloadLevel from, OverloadLevel to, Shortage why) {
                    acts.add(from.word() + "->" + to.word());
                }

                @Override
                public void shed() {
                    acts.add("shed");
                }

                @Override
                public void pauseAccepting() {
                    acts.add("pause");
                }

                @Override
                public void resumeAccepting() {
                    acts.add("resume");
                }
            });

    private List<String> at(double next) {
        pressure = next;
        acts.clear();
        watch.look();
        return acts;
    }

    @Test
    void does_at_each_look_what_its_level_says() {
        assertThat(at(0.5)).isEmpty();
        assertThat(at(0.91)).containsExactly("none->refusing");
        assertThat(watch.level().isRefusing()).isTrue();
        assertThat(at(0.91)).isEmpty();
        assertThat(at(0.96)).containsExactly("refusing->shedding", "shed");
        assertThat(at(0.96)).containsExactly("shed");
        assertThat(at(0.99)).containsExactly("shedding->closed", "shed", "pause");
        assertThat(at(0.99)).containsExactly("shed", "pause");
        assertThat(at(0.94)).as("not well below").containsExactly("shed", "pause");
        assertThat(at(0.92)).containsExactly("closed->shedding", "shed", "resume");
        assertThat(at(0.5)).containsExactly("shedding->none");
        assertThat(watch.level().isRefusing()).isFalse();
    }
}
