package io.beringia.scenarios.drill.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.catalog.RegionPhase;
import io.beringia.scenarios.demo.DemoRegion;
import io.beringia.scenarios.fault.LinkFault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StepTest {
    private static final LinkFault.Way EAST_WEST = way(DemoRegion.EAST, DemoRegion.WEST);
    private static final LinkFault.Way WEST_EAST = way(DemoRegion.WEST, DemoRegion.EAST);

    @Test
    void a_way_is_one_direction_or_both_and_a_star_is_everybody_else() {
        assertThat(fault("link drop us-east > us-west for 1s").ways()).containsExactly(EAST_WEST);
        assertThat(fault("link drop us-east <> us-west for 1s").ways()).containsExactly(EAST_WEST, WEST_EAST);
        assertThat(fault("link drop us-east <> * for 1s").ways())
                .containsExactlyInAnyOrder(
                        EAST_WEST,
                        WEST_EAST,
                        way(DemoRegion.EAST, DemoRegion.WITNESS),
                        way(DemoRegion.WITNESS, DemoRegion.EAST));
        assertThat(fault("link drop * > us-east for 1s").ways())
                .containsExactlyInAnyOrder(WEST_EAST, way(DemoRegion.WITNESS, DemoRegion.EAST));
    }

    @Test
    void an_effect_has_its_number() {
        assertThat(fault("link refuse 15008 us-west > us-east for 1s").effect())
                .isEqualTo(new LinkFault.Effect.Refuse(15_008));
        assertThat(fault("link lose 30% us-west > us-east for 1s").effect()).isEqualTo(new LinkFault.Effect.Lose(30));
        assertThat(fault("link drop-above 1300 us-west > us-east for 1s").effect())
                .isEqualTo(new LinkFault.Effect.DropAbove(1_300));
        assertThat(fault("link emulate delay 35ms jitter 20ms good 20s bad 1s bad-loss 90% us-west > us-east for 1s")
                        .effect())
                .isEqualTo(new LinkFault.Effect.Emulate(
                        "delay 35ms jitter 20ms loss 0% duplicate 0% good 20s bad 1s bad-loss 90%"));
    }

    @Test
    void every_other_step_is_a_sentence() {
        assertThat(Step.parse("wait 1.5s")).isEqualTo(new Step.Wait(Duration.ofMillis(1_500)));
        assertThat(Step.parse("lift")).isEqualTo(new Step.Lift());
        assertThat(Step.parse("freeze us-east/* for 30s"))
                .isEqualTo(new Step.Freeze("us-east/*", Duration.ofSeconds(30)));
        assertThat(Step.parse("thaw us-east/gateway-0")).isEqualTo(new Step.Thaw("us-east/gateway-0"));
        assertThat(Step.parse("kill us-east/gateway-0")).isEqualTo(new Step.Kill("us-east/gateway-0"));
        assertThat(Step.parse("end us-east/gateway-0")).isEqualTo(new Step.End("us-east/gateway-0"));
        assertThat(Step.parse("start witness/*")).isEqualTo(new Step.Start("witness/*"));
        assertThat(Step.parse("tell us-east/application unready"))
                .isEqualTo(new Step.Tell("us-east/application", "unready"));
        assertThat(Step.parse("await us-east EVACUATED within 15s"))
                .isEqualTo(new Step.Await(DemoRegion.EAST, RegionPhase.EVACUATED, Duration.ofSeconds(15)));
        assertThat(Step.parse("operator drain us-east expecting 3"))
                .isEqualTo(new Step.Operator("drain", DemoRegion.EAST, List.of(), 3));
        assertThat(Step.parse("operator drain us-east --override-rule=LAST_REGION expecting 0"))
                .isEqualTo(new Step.Operator("drain", DemoRegion.EAST, List.of("--override-rule=LAST_REGION"), 0));
        assertThat(Step.parse("stale-write")).isEqualTo(new Step.StaleWrite());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "wait",
                "wait 2",
                "link drop us-east > mars for 1s",
                "link drop us-east > us-east for 1s",
                "link lose 101% us-east > us-west for 1s",
                "link drop us-east > us-west",
                "link emulate us-east > us-west for 1s",
                "link emulate delay 5ms jitter 6ms us-east > us-west for 1s",
                "link emulate good 1s bad 1s us-east > us-west for 1s",
                "kill us-east",
                "start us-east",
                "kill -9",
                "await us-east GONE within 1s",
                "operator destroy us-east expecting 0"
            })
    void anything_else_is_refused(String line) {
        assertThatThrownBy(() -> Step.parse(line)).isInstanceOf(IllegalArgumentException.class);
    }

    private static LinkFault fault(String line) {
        return ((Step.Link) Step.parse(line)).fault();
    }

    private static LinkFault.Way way(DemoRegion from, DemoRegion to) {
        return new LinkFault.Way(from.site(), to.site());
    }
}
