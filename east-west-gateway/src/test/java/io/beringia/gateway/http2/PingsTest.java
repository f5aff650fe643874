package io.beringia.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PingsTest {
    private final AtomicLong clock = new AtomicLong(100);
    private final Pings pings = new Pings(clock::get);
    private final List<Long> answers = new ArrayList<>();

    @Test
    void each_answer_is_told_once_with_its_own_round_trip() {
        long first = pings.ask(answers::add).orElseThrow();
        clock.addAndGet(10);
        long second = pings.ask(answers::add).orElseThrow();
        clock.addAndGet(5);
        pings.onAnswer(second);
        pings.onAnswer(first);
        pings.onAnswer(first);
        pings.onAnswer(1);
        assertThat(answers).containsExactly(5L, 15L);
    }

    @Test
    void a_peer_that_owes_eight_is_not_asked_again_until_it_answers() {
        long first = pings.ask(answers::add).orElseThrow();
        for (int i = 1; i < Pings.OPEN_MAX; i++) {
            assertThat(pings.ask(answers::add)).isPresent();
        }
        assertThat(pings.ask(answers::add)).isEmpty();
        pings.onAnswer(first);
        assertThat(pings.ask(answers::add)).isPresent();
    }
}
