package io.beringia.failover.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.failover.health.SiteEvidence;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RegionFeedsTest {
    @Test
    void of_several_replicas_the_one_that_spoke_last_answers_for_its_site() {
        SiteEvidence old = evidence("us-west", 900);
        SiteEvidence fresh = evidence("us-west", 20);
        SiteEvidence other = evidence("us-east", 5_000);
        assertThat(RegionFeeds.newest(Stream.of(old, fresh, other))).isEqualTo(List.of(other, fresh));
        assertThat(RegionFeeds.newest(Stream.of(other, fresh, old))).isEqualTo(List.of(other, fresh));
        assertThat(RegionFeeds.newest(Stream.of())).isEmpty();
    }

    @Test
    void without_feeds_nothing_is_known_and_no_epoch_accepted() {
        try (RegionFeeds none = new RegionFeeds(List.of())) {
            assertThat(none.latest()).isEmpty();
            assertThat(none.accepted()).isZero();
        }
    }

    private static SiteEvidence evidence(String site, long heldMillis) {
        return new SiteEvidence(
                new RegionEvidence(new RegionId(site), List.of(), List.of(), List.of(), Proxies.NONE),
                Duration.ofMillis(heldMillis));
    }
}
