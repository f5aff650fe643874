package io.beringia.scenarios.drill.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.wire.YamlRefused;
import io.beringia.scenarios.demo.DemoRegion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DrillFileTest {
    private static final String SMALL = """
            drill: small
            hypothesis: Nothing happens.
            chapters:
            - chapter: quiet
              not-counting: [us-west]
              steps: [wait 2s]
            expect: [failed = 0]
            """;

    static Stream<String> library() throws IOException {
        return DrillFile.library().stream();
    }

    @ParameterizedTest
    @MethodSource("library")
    void every_drill_of_the_library_can_be_read_and_carries_its_name(String name) throws Exception {
        assertThat(DrillFile.named(name).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @MethodSource("library")
    void what_a_drill_says_of_a_chapter_is_said_of_one_it_has(String name) throws Exception {
        Drill drill = DrillFile.named(name);
        assertThat(drill.expectations().stream().flatMap(DrillFileTest::chapter))
                .isSubsetOf(drill.chapters().stream().map(Drill.Chapter::title).toList());
    }

    @Test
    void what_is_left_out_has_its_default() {
        assertThat(DrillFile.parse("small", SMALL))
                .isEqualTo(new Drill(
                        "small",
                        "Nothing happens.",
                        DemoRegion.EAST,
                        20,
                        Precondition.USUAL,
                        List.of(new Drill.Chapter(
                                "quiet", Set.of("us-west"), List.of(new Step.Wait(Duration.ofSeconds(2))))),
                        List.of(Expected.parse("failed = 0")),
                        new Drill.Abort(100, Duration.ofSeconds(5))));
    }

    @Test
    void all_that_is_wrong_is_said_at_once() {
        assertThatThrownBy(() -> DrillFile.parse("bad", """
                        drill: bad
                        region: mars
                        per-secnd: 3
                        preconditions: [all is well]
                        chapters:
                        - chapter: one
                          steps: [sleep 2s, wait soon]
                        expect: [failed = none, luck = 1, everything is well]
                        abort: {failed-percent: 0, over: 1s}
                        """))
                .asInstanceOf(InstanceOfAssertFactories.type(YamlRefused.class))
                .extracting(YamlRefused::problems)
                .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                .satisfiesExactly(
                        line -> assertThat(line).contains("hypothesis: missing"),
                        line -> assertThat(line)
                                .contains("region: \"mars\" (expected: one of us-east, us-west, witness)"),
                        line -> assertThat(line).contains("per-secnd: unknown key (did you mean per-second?)"),
                        line -> assertThat(line).contains("\"all is well\" (expected: REGION STATE, or "),
                        line -> assertThat(line).contains("\"sleep 2s\" (expected: one of await, "),
                        line -> assertThat(line).contains("\"soon\" (expected: a duration"),
                        line -> assertThat(line).contains("\"none\" (expected: a number)"),
                        line -> assertThat(line).contains("\"luck\" (expected: one of [counted, failed, "),
                        line -> assertThat(line).contains("\"everything is well\" (expected: MEASURE"),
                        line -> assertThat(line).contains("abort.failed-percent: 0 (expected: 1..100)"));
    }

    @Test
    void nobody_plays_what_is_not_there() {
        assertThatThrownBy(() -> DrillFile.named("none")).hasMessageStartingWith("drill: none (expected: one of ");
    }

    private static Stream<String> chapter(Expected expected) {
        return expected instanceof Expected.Served served ? Stream.of(served.chapter()) : Stream.of();
    }
}
