package io.beringia.discovery.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RemovalGuardTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = T0.plus(RemovalGuard.SECOND_LOOK);

    @ParameterizedTest(name = "{0} missing of {1}: {2} go at once")
    @CsvSource({
        "0,   10,  0",
        "9,   10,  9",
        "10,  10,  0",
        "50,  51,  50",
        "51,  60,  0",
        "51,  169, 0",
        "51,  170, 51",
        "300, 999, 0",
        "300, 1000, 300"
    })
    void few_go_at_once_many_or_all_after_a_second_look(int missing, int held, int released) {
        RemovalGuard guard = new RemovalGuard(name -> name.startsWith("service/"));
        Set<String> names = services(missing);

        assertThat(guard.released(names, held, T0)).hasSize(released);
        assertThat(guard.held().all()).isEqualTo(missing - released);
    }

    @Test
    void a_second_list_counts_for_what_the_first_one_lacked_too() {
        RemovalGuard guard = new RemovalGuard(name -> name.startsWith("service/"));
        guard.released(services(60), 100, T0);
        assertThat(guard.secondLook()).contains(LATER);

        assertThat(guard.released(services(80), 100, LATER)).containsExactlyInAnyOrderElementsOf(services(60));
        assertThat(guard.secondLook()).contains(LATER.plus(RemovalGuard.SECOND_LOOK));
    }

    @Test
    void what_came_back_between_two_lists_starts_anew() {
        RemovalGuard guard = new RemovalGuard(name -> name.startsWith("service/"));
        guard.released(services(60), 100, T0);
        guard.released(services(0), 100, T0.plusSeconds(30));
        assertThat(guard.secondLook()).isEmpty();

        assertThat(guard.released(services(60), 100, LATER)).isEmpty();
    }

    @Test
    void gateways_and_the_cluster_never_go_at_once() {
        RemovalGuard guard = new RemovalGuard(name -> name.startsWith("service/"));
        Set<String> missing = Set.of("gateway/gw-0", "cluster", "service/demo/one");

        assertThat(guard.released(missing, 5, T0)).containsExactly("service/demo/one");
        assertThat(guard.released(Set.of("gateway/gw-0", "cluster"), 5, LATER))
                .containsExactlyInAnyOrder("gateway/gw-0", "cluster");
    }

    private static Set<String> services(int number) {
        return IntStream.range(0, number).mapToObj(i -> "service/demo/s" + i).collect(Collectors.toSet());
    }
}
