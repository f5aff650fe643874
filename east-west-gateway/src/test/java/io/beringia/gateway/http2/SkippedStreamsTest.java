package io.beringia.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which numbers of streams are gone for good. */
final class SkippedStreamsTest {
    private final SkippedStreams skipped = new SkippedStreams();

    @Test
    void a_peer_that_counts_leaves_out_none() {
        for (int id = 1; id < 100; id += 2) {
            skipped.opened(id);
        }
        for (int id = 1; id < 200; id++) {
            assertThat(skipped.contains(id)).as("%d", id).isFalse();
        }
    }

    @Test
    void what_lies_between_was_left_out() {
        skipped.opened(1);
        skipped.opened(9);
        skipped.opened(15);
        assertThat(skipped.contains(1)).isFalse();
        assertThat(skipped.contains(3)).isTrue();
        assertThat(skipped.contains(7)).isTrue();
        assertThat(skipped.contains(9)).isFalse();
        assertThat(skipped.contains(13)).isTrue();
        assertThat(skipped.contains(17)).isFalse();
    }

    @Test
    void only_the_newest_gaps_are_remembered() {
        for (int id = 1; id < 1_000; id += 4) {
            skipped.opened(id);
        }
        assertThat(skipped.contains(3)).isFalse();
        assertThat(skipped.contains(995)).isTrue();
    }
}
