package io.beringia.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.IpAddress;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SourceRatesTest {
    private static final int BURST = 100;
    private static final long NOW = Duration.ofDays(1).toNanos();

    private final SourceRates rates =
            new SourceRates(new HandshakeRates(BURST / 2, 1).ofSource(), new SplittableRandom(1), 0);

    private int taken(String source) {
        int taken = 0;
        while (rates.reserve(IpAddress.parse(source), NOW, 0).isPresent()) {
            taken++;
        }
        return taken;
    }

    @Test
    void each_address_has_its_own() {
        assertThat(taken("10.0.0.1")).isEqualTo(BURST);
        assertThat(taken("10.0.0.2")).isEqualTo(BURST);
        assertThat(taken("10.0.0.1")).isZero();
    }

    @Test
    void a_network_of_ipv6_has_one_for_all_its_addresses() {
        assertThat(taken("2001:db8::1")).isEqualTo(BURST);
        assertThat(taken("2001:db8::2")).isZero();
        assertThat(taken("2001:db8:0:1::2")).isEqualTo(BURST);
    }

    @Test
    void a_hundred_greedy_addresses_leave_others_alone() {
        for (int i = 0; i < 100; i++) {
            taken("10.1.0." + i);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(taken("10.2.0." + i)).as("address " + i).isEqualTo(BURST);
        }
    }

    @Test
    void more_addresses_than_there_are_places_still_get_some_turns_and_no_memory() {
        int served = 0;
        for (int i = 0; i < 100_000; i++) {
            IpAddress one = IpAddress.parse("10." + (i >> 16) + "." + (i >> 8 & 0xff) + "." + (i & 0xff));
            served += rates.reserve(one, NOW, 0).isPresent() ? 1 : 0;
        }
        assertThat(served).isEqualTo(100_000);
    }
}
