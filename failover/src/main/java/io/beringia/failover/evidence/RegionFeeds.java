package io.beringia.failover.evidence;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.wire.EvidenceFeed;
import io.beringia.failover.health.SiteEvidence;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The newest evidence of every site. All replicas of its discovery are followed and each answers for the whole site, so
 * whichever spoke last is believed; one that is gone costs nothing. Any thread.
 *
 * @param feeds of all sites; closed with this
 */
public record RegionFeeds(List<EvidenceFeed> feeds) implements AutoCloseable {
    public RegionFeeds {
        feeds = List.copyOf(feeds);
    }

    /** At most one evidence of each site, in order of site; none of a site that never spoke. */
    public List<SiteEvidence> latest() {
        return newest(feeds.stream()
                .map(EvidenceFeed::latest)
                .flatMap(Optional::stream)
                .map(held -> new SiteEvidence(held.evidence(), held.held())));
    }

    /** The greatest epoch that any site obeys, unsigned; 0 if none is known. */
    public long accepted() {
        return latest().stream()
                .map(site -> site.evidence().proxies().accepted())
                .max(PlanVersion::compareTo)
                .orElse(PlanVersion.NONE)
                .epoch();
    }

    @Override
    public void close() {
        feeds.forEach(EvidenceFeed::close);
    }

    /** Of each site the one that was held for the shortest time. Pure. */
    static List<SiteEvidence> newest(Stream<SiteEvidence> all) {
        SortedMap<RegionId, SiteEvidence> newest = new TreeMap<>();
        all.forEach(one ->
                newest.merge(one.evidence().site(), one, (a, b) -> b.held().compareTo(a.held()) < 0 ? b : a));
        return List.copyOf(newest.values());
    }
}
