package io.beringia.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LogWordsTest {
    @Test
    void text_of_others_begins_no_line_of_its_own_and_is_cut() {
        assertThat(LogWords.shown("a\nERROR forged\r\u001b[31m\u007f")).isEqualTo("a?ERROR forged??[31m?");
        assertThat(LogWords.shown("x".repeat(70_000))).isEqualTo("x".repeat(256) + "...");
    }

    @Test
    void what_is_done_wrong_again_and_again_is_told_ever_more_rarely() {
        Counter counter = new SimpleMeterRegistry().counter("wrong");

        assertThat(IntStream.rangeClosed(1, 20).filter(_ -> LogWords.isTold(counter)))
                .containsExactly(1, 2, 4, 8, 16);
        assertThat(counter.count()).isEqualTo(20);
    }
}
