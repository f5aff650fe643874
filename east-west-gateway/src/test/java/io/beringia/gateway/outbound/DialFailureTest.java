package io.beringia.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Outcome;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an attempt that failed says of whoever was tried. */
final class DialFailureTest {
    @ParameterizedTest
    @CsvSource({"401, DENIED", "403, DENIED", "404, UNAVAILABLE", "503, UNAVAILABLE", "504, UNAVAILABLE"})
    void a_status_is_a_denial_or_a_failure(int status, Outcome outcome) {
        assertThat(new DialFailure.Answered(status, "").outcome()).contains(outcome);
    }

    @Test
    void somebody_else_there_is_told_from_a_handshake_that_failed() {
        assertThat(new DialFailure.TlsFailed("identity-mismatch", "").outcome()).contains(Outcome.IDENTITY_MISMATCH);
        assertThat(new DialFailure.TlsFailed("closed", "").outcome()).contains(Outcome.TLS_FAILED);
    }

    @Test
    void silence_refusals_and_resets_are_what_they_are() {
        assertThat(new DialFailure.TimedOut().outcome()).contains(Outcome.TIMED_OUT);
        assertThat(new DialFailure.Refused("").outcome()).contains(Outcome.REFUSED);
        assertThat(new DialFailure.Lost("").outcome())
                .isEqualTo(new DialFailure.Dropped("").outcome())
                .contains(Outcome.RESET);
    }

    @Test
    void what_we_could_not_do_says_nothing_of_others() {
        assertThat(new DialFailure.Full("").outcome())
                .isEqualTo(new DialFailure.TooLong("").outcome())
                .isEqualTo(new DialFailure.Exhausted("").outcome())
                .isEqualTo(Optional.empty());
    }
}
