package io.beringia.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.beringia.discovery.catalog.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HandshakesUnderWayTest {
    private static final int MOST = 10;

    private final HandshakesUnderWay handshakes = new HandshakesUnderWay(MOST);

    private int entered(String source, int tries) {
        int entered = 0;
        for (int i = 0; i < tries; i++) {
            entered += handshakes.enter(IpAddress.parse(source)).isPresent() ? 1 : 0;
        }
        return entered;
    }

    @Test
    void one_address_has_half_of_them_at_most_and_leaves_the_rest_to_others() {
        assertThat(entered("10.0.0.1", 100)).isEqualTo(MOST / 2);
        assertThat(entered("10.0.0.2", 3)).isEqualTo(3);
        assertThat(entered("10.0.0.3", 100)).isEqualTo(2);
        assertThat(handshakes.count()).isEqualTo(MOST);
    }

    @Test
    void a_network_of_ipv6_is_one_address() {
        assertThat(entered("2001:db8::1", 3)).isEqualTo(3);
        assertThat(entered("2001:db8::2", 100)).isEqualTo(MOST / 2 - 3);
        assertThat(entered("2001:db8:0:1::1", 1)).isEqualTo(1);
    }

    @Test
    void a_place_is_given_back_once() {
        HandshakesUnderWay.Place place =
                handshakes.enter(IpAddress.parse("10.0.0.1")).orElseThrow();
        entered("10.0.0.1", 100);
        place.leave();
        place.leave();
        assertThat(entered("10.0.0.1", 100)).isEqualTo(1);
    }

    @Test
    void whoever_comes_and_goes_nothing_is_kept_of_them() {
        Random random = new Random(5);
        List<HandshakesUnderWay.Place> places = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            handshakes.enter(IpAddress.parse("10.0.0." + random.nextInt(20))).ifPresent(places::add);
            if (random.nextInt(3) > 0 && !places.isEmpty()) {
                places.remove(random.nextInt(places.size())).leave();
            }
            assertThat(handshakes.count()).isEqualTo(places.size()).isLessThanOrEqualTo(MOST);
        }
        places.forEach(HandshakesUnderWay.Place::leave);
        assertThat(handshakes.count()).isZero();
        assertThat(handshakes.sources()).isZero();
    }

    @Test
    void half_of_one_is_nobody() {
        assertThatIllegalArgumentException().isThrownBy(() -> new HandshakesUnderWay(1));
    }
}
