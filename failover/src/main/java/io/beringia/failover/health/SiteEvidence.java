package io.beringia.failover.health;

import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionId;
import java.time.Duration;

/**
 * The newest evidence of one site.
 *
 * @param held for how long we have had it: its ages have grown by that much
 */
public record SiteEvidence(RegionEvidence evidence, Duration held) {
    RegionId site() {
        return evidence.site();
    }

    /** Whether something of that age, when it was sent, is still younger than the limit. */
    boolean isYounger(Duration age, Duration limit) {
        return age.plus(held).compareTo(limit) < 0;
    }
}
