package io.beringia.trust.authority;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.SigningSlots.Slot;
import io.beringia.trust.authority.SigningSlots.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SigningSlotsTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    /** {@code before} is how long before the end of the one that signs. */
    @ParameterizedTest
    @CsvSource({
        // life of the one that signs, before its end, step without a next one, step with one
        "P24D, PT288H1S, REST, REST",
        "P24D, P12D, PREPARE, REST",
        "P24D, PT192H1S, PREPARE, REST",
        "P24D, P8D, LATE, REST",
        "P24D, PT96H1S, LATE, REST",
        "P24D, P4D, LATE, ACTIVATE",
        "P24D, PT-1S, LATE, ACTIVATE",
        "P90D, PT720H1S, REST, REST",
        "P90D, P30D, PREPARE, REST",
        "P90D, P14D, LATE, REST",
        "P90D, PT168H1S, LATE, REST",
        "P90D, P7D, LATE, ACTIVATE",
    })
    void the_next_one_is_made_at_half_and_signs_at_a_sixth(Duration life, Duration before, Step without, Step with) {
        Slot current = new Slot(BEGIN, BEGIN.plus(life));
        Instant now = current.notAfter().minus(before);
        Slot next = new Slot(BEGIN, current.notAfter().plus(life));

        assertThat(new SigningSlots(current, Optional.empty()).step(now))
                .as("none")
                .isEqualTo(without);
        assertThat(new SigningSlots(current, Optional.of(next)).step(now))
                .as("one")
                .isEqualTo(with);
        assertThat(new SigningSlots(current, Optional.of(new Slot(now.plusSeconds(1), next.notAfter()))).step(now))
                .as("one that is not valid yet")
                .isEqualTo(without);
    }
}
