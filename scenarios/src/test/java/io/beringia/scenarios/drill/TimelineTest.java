package io.beringia.scenarios.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.scenarios.drill.Timeline.Event;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TimelineTest {
    private static final long MILLI = 1_000_000L;
    private final Timeline timeline = new Timeline();

    @Test
    void a_word_that_is_said_again_is_no_news() {
        say(1, "west", "UP");
        say(2, "west", "UP");
        say(3, "witness", "UP");
        say(4, "west", "DOWN");
        assertThat(timeline.events()).extracting(Event::atNanos).containsExactly(1 * MILLI, 3 * MILLI, 4 * MILLI);
        assertThat(timeline.count("us-east", "UP")).isEqualTo(2);
    }

    @Test
    void the_first_time_is_asked_for_from_a_moment_on() {
        say(1, "west", "DOWN");
        say(2, "west", "UP");
        say(7, "witness", "DOWN");
        say(8, "west", "DOWN");
        assertThat(timeline.firstMillis("us-east", Set.of("DOWN"), 2 * MILLI)).isEqualTo(OptionalLong.of(7));
        assertThat(timeline.firstMillis("us-west", Set.of("DOWN"), 0)).isEmpty();
    }

    private void say(long millis, String observer, String word) {
        timeline.note(new Event(millis * MILLI, observer, "us-east", word));
    }
}
