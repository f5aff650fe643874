package io.beringia.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.outbound.DialFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a dial that failed shows of the way to a gateway. */
final class SightingTest {
    static DialFailure[] silent() {
        return new DialFailure[] {
            new DialFailure.TimedOut(),
            new DialFailure.TlsFailed("identity-mismatch", ""),
            new DialFailure.Dropped("stream: refused-stream"),
            new DialFailure.Full("connection: takes no more streams"),
            new DialFailure.TooLong("headers: 16_500 bytes"),
            new DialFailure.Exhausted("descriptors")
        };
    }

    @ParameterizedTest
    @MethodSource("silent")
    void silence_and_what_we_could_not_do_ourselves_show_nothing(DialFailure why) {
        assertThat(Sighting.Seen.in(why)).isEmpty();
    }

    @Test
    void a_status_shows_that_somebody_lives() {
        assertThat(Sighting.Seen.in(new DialFailure.Answered(503, "draining"))).contains(Sighting.Seen.ALIVE);
    }

    @Test
    void a_refusal_and_a_lost_connection_are_all_of_one_connection() {
        assertThat(Sighting.Seen.in(new DialFailure.Refused("")))
                .isEqualTo(Sighting.Seen.in(new DialFailure.Lost("")))
                .contains(new Sighting.Seen.Refused(Sighting.Seen.DIALS));
    }
}
