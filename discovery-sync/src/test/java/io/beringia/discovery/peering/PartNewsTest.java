package io.beringia.discovery.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.merge.ClusterExports;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class PartNewsTest {
    private final HeldPart held = new HeldPart();
    private final PartNews news = new PartNews();

    @Test
    void nothing_is_told_of_a_peer_that_did_not_say_where_it_is() {
        held.put(1, service(3), 1);
        news.changed();

        assertThat(news.next(held, new Freshness.Live())).isEmpty();
    }

    @Test
    void what_did_not_change_is_told_once() {
        hold(3);
        assertThat(news.next(held, new Freshness.Live())).isPresent();
        assertThat(news.next(held, new Freshness.Live())).isEmpty();
        hold(3);
        assertThat(news.next(held, new Freshness.Live())).as("the same again").isEmpty();
        hold(4);
        assertThat(news.next(held, new Freshness.Live())).as("another").isPresent();
    }

    @Test
    void an_age_is_told_when_it_has_doubled_and_its_end_at_once() {
        hold(3);
        news.next(held, new Freshness.Live());
        List<Long> told = LongStream.rangeClosed(5, 100)
                .filter(seconds -> news.next(held, stale(seconds)).isPresent())
                .boxed()
                .toList();

        assertThat(told).containsExactly(5L, 10L, 20L, 40L, 80L);
        assertThat(news.next(held, new Freshness.Live())).isPresent();
        assertThat(news.next(held, stale(5))).isPresent();
    }

    @Test
    void what_changes_while_it_is_stale_keeps_the_age_that_was_told() {
        hold(3);
        news.next(held, stale(5));
        hold(4);

        assertThat(news.next(held, stale(7)))
                .hasValueSatisfying(
                        part -> assertThat(part.cluster().freshness()).isEqualTo(stale(5)));
    }

    @Test
    void half_a_change_is_not_told_with_an_age() {
        hold(3);
        Optional<ClusterExports> whole = news.next(held, new Freshness.Live());
        held.put(1, service(4), 1);

        assertThat(news.next(held, stale(5))).isEqualTo(whole.map(part -> part.as(stale(5))));
        news.changed();
        assertThat(news.next(held, stale(6)))
                .hasValueSatisfying(part -> assertThat(part.exports())
                        .isNotEqualTo(whole.orElseThrow().exports()));
    }

    private static Freshness stale(long seconds) {
        return new Freshness.Stale(Duration.ofSeconds(seconds));
    }

    private void hold(long ready) {
        held.put(
                1,
                new PeerResource.OfCluster(
                        Sites.id(1), Sites.state(1).region(), new Network("net1"), Set.of(Sites.domain(1))),
                1);
        held.put(1, service(ready), 1);
        news.changed();
    }

    private static PeerResource service(long ready) {
        return new PeerResource.OfService(Sites.id(1), Sites.export(1, Sites.ECHO, ready), Set.of(new Network("net1")));
    }
}
