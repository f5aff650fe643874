package io.beringia.scenarios.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.scenarios.interop.SoakVerdict.Point;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SoakVerdictTest {
    private static final long SECOND = 1_000_000_000;
    private static final long LOSS = 100 * SECOND;
    private static final List<Point> STEADY = points(LongStream.of(100, 110, 100, 105, 100, 110));

    private static List<Point> points(LongStream descriptors) {
        long[] each = descriptors.toArray();
        return IntStream.range(0, each.length)
                .mapToObj(round -> new Point("EAST_0", round, each[round], 0, 0))
                .toList();
    }

    private static SoakVerdict verdict(List<Point> points, LoadLog.Connection... more) {
        LoadLog.Connection good = new LoadLog.Connection(0, 1, LoadLog.OK);
        return SoakVerdict.of(
                new LoadLog(Stream.concat(Stream.of(good), Stream.of(more)).toList()), List.of(LOSS), points);
    }

    private static LoadLog.Connection failed(long due, long end) {
        return new LoadLog.Connection(due, end, "reset");
    }

    @Test
    void whoever_was_there_at_a_loss_or_came_before_the_news_is_its_victim() {
        SoakVerdict verdict = verdict(STEADY, failed(LOSS - 1, LOSS), failed(LOSS + 2 * SECOND - 1, LOSS + 9 * SECOND));
        assertThat(verdict.victims().size()).isEqualTo(2);
        assertThat(verdict.isPassed()).isTrue();
    }

    @Test
    void nobody_else_may_fail() {
        assertThat(verdict(STEADY, failed(LOSS - 2, LOSS - 1)).isPassed()).isFalse();
        assertThat(verdict(STEADY, failed(LOSS + 2 * SECOND, LOSS + 3 * SECOND)).isPassed())
                .isFalse();
    }

    @Test
    void what_grows_does_not_pass() {
        assertThat(verdict(points(LongStream.of(100, 100, 120, 130, 160, 160))).isPassed())
                .isFalse();
    }

    @Test
    void a_run_that_has_shown_nothing_does_not_pass() {
        assertThat(verdict(List.of()).isPassed()).isFalse();
        assertThat(SoakVerdict.of(new LoadLog(List.of()), List.of(LOSS), STEADY).isPassed())
                .isFalse();
        assertThat(SoakVerdict.of(new LoadLog(List.of(new LoadLog.Connection(0, 1, LoadLog.OK))), List.of(), STEADY)
                        .isPassed())
                .isFalse();
    }
}
