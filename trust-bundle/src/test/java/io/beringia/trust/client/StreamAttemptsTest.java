package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class StreamAttemptsTest {
    private static final Duration AT_ONCE = Duration.ofMillis(5);
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void a_server_that_tells_a_state_and_ends_each_stream_is_asked_ever_later_and_told_once() {
        List<StreamAttempts> all = Stream.iterate(told(StreamAttempts.NONE, AT_ONCE), last -> told(last, AT_ONCE))
                .limit(60)
                .toList();

        assertThat(all.getFirst().untilNext(0.5)).as("at first").isEqualTo(Duration.ofMillis(250));
        assertThat(all.getLast().untilNext(0.5)).as("in the end").isEqualTo(Duration.ofSeconds(150));
        assertThat(all).filteredOn(StreamAttempts::isNews).as("what is told").hasSize(1);
    }

    @Test
    void a_stream_that_stood_is_opened_anew_at_once_and_its_end_is_told() {
        StreamAttempts last = StreamAttempts.NONE;
        for (int i = 0; i < 60; i++) {
            last = told(last, AT_ONCE);
        }

        assertThat(told(last, StreamAttempts.STOOD.minusNanos(1)).untilNext(0.5))
                .as("not for long enough")
                .isEqualTo(Duration.ofSeconds(150));
        StreamAttempts stood = told(last, StreamAttempts.STOOD);
        assertThat(stood.untilNext(0.5)).isEqualTo(Duration.ofMillis(250));
        assertThat(stood.isNews()).isTrue();
    }

    /** However often whom we trust changes, nobody waits for roots. */
    @Test
    void a_stream_that_we_end_ourselves_is_no_failure() {
        StreamAttempts last = StreamAttempts.NONE;
        for (int i = 0; i < 60; i++) {
            last = last.ended(true, true, AT_ONCE, "whom we trust has changed");
        }

        assertThat(last.untilNext(0.5)).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void a_stream_that_tells_nothing_is_a_failure_however_long_it_stood() {
        StreamAttempts last = StreamAttempts.NONE;
        for (int i = 0; i < 9; i++) {
            last = silent(last);
        }

        assertThat(last.untilNext(0.5)).as("nobody ever told roots").isEqualTo(Duration.ofSeconds(150));
    }

    @Test
    void the_other_identity_is_tried_only_after_a_stream_that_told_nothing() {
        StreamAttempts once = silent(StreamAttempts.NONE);

        assertThat(StreamAttempts.NONE.again()).as("at first").isFalse();
        assertThat(once.again()).as("after nothing").isTrue();
        assertThat(silent(once).again()).as("after nothing again").isFalse();
        assertThat(told(once, AT_ONCE).again()).as("after a state").isFalse();
    }

    private static StreamAttempts told(StreamAttempts before, Duration lasted) {
        return before.ended(true, false, lasted, "ended by the server");
    }

    private static StreamAttempts silent(StreamAttempts before) {
        return before.ended(false, false, HOUR, "UNAVAILABLE");
    }
}
