package io.beringia.failover.health;

import io.beringia.discovery.catalog.RegionId;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a region is gone. Only sites outside of it vote: what is inside dies with it. It takes two of them and a
 * majority of all, silence or not, so with one site outside nothing is ever judged; and one heartbeat from inside is
 * enough to say that the paths are broken and not the region.
 */
public final class RegionRules {
    private RegionRules() {}

    /** Any thread; pure. At most one evidence of each site counts, the first. */
    public static RegionVerdict judge(RegionId region, Sites sites, List<SiteEvidence> evidence) {
        Ballot ballot = Ballot.of(region, sites, evidence);
        if (!sites.isQuorum(region, ballot.voting())) {
            return new RegionVerdict.Unknown(
                    ballot.voting(), sites.outside(region).size());
        }
        if (sites.isQuorum(region, ballot.down().size())) {
            return gone(region, evidence, ballot.down(), false);
        }
        if (ballot.isRefusedByAll()) {
            return gone(region, evidence, ballot.missing(), true);
        }
        if (sites.isQuorum(region, ballot.missing().size())) {
            return new RegionVerdict.Suspected(ballot.missing());
        }
        return ballot.isUpForAll() ? new RegionVerdict.Healthy() : new RegionVerdict.Reached();
    }

    /** Any thread; pure. How many sites outside of the region have an observer that spoke within two seconds. */
    public static int observing(RegionId region, Sites sites, List<SiteEvidence> evidence) {
        return (int) sites.outside(region).stream()
                .filter(outside -> evidence.stream()
                        .filter(site -> site.site().equals(outside))
                        .anyMatch(SiteVote::isObserving))
                .count();
    }

    private static RegionVerdict gone(
            RegionId region, List<SiteEvidence> evidence, List<RegionId> by, boolean isRefused) {
        return evidence.stream().anyMatch(site -> hearsInside(site, region))
                ? new RegionVerdict.Vetoed(by)
                : new RegionVerdict.Failing(by, isRefused);
    }

    /** The site heard a control plane of the region, or it is the region itself and we hear it. */
    private static boolean hearsInside(SiteEvidence site, RegionId region) {
        return site.site().equals(region) && site.held().compareTo(SiteVote.FRESH) < 0
                || site.evidence().heartbeats().stream()
                        .filter(beat -> beat.from().equals(region))
                        .anyMatch(beat -> site.isYounger(beat.age(), SiteVote.FRESH));
    }

    /** The votes of all sites outside, in order of name. */
    private record Ballot(List<RegionId> sites, List<SiteVote> votes) {
        static Ballot of(RegionId region, Sites sites, List<SiteEvidence> evidence) {
            List<RegionId> outside = sites.outside(region);
            return new Ballot(
                    outside,
                    outside.stream().map(site -> vote(site, region, evidence)).toList());
        }

        private static SiteVote vote(RegionId site, RegionId region, List<SiteEvidence> evidence) {
            return evidence.stream()
                    .filter(one -> one.site().equals(site))
                    .findFirst()
                    .map(one -> SiteVote.of(one, region))
                    .orElse(SiteVote.NONE);
        }

        int voting() {
            return (int) votes.stream().filter(vote -> vote != SiteVote.NONE).count();
        }

        List<RegionId> down() {
            return of(List.of(SiteVote.DOWN));
        }

        List<RegionId> missing() {
            return of(List.of(SiteVote.SUSPECT, SiteVote.REFUSED, SiteVote.DOWN));
        }

        /** Nobody who can see anything sees more than refusals; some may have seen them for long already. */
        boolean isRefusedByAll() {
            return votes.stream()
                    .filter(vote -> vote != SiteVote.NONE)
                    .allMatch(vote -> vote == SiteVote.REFUSED || vote == SiteVote.DOWN);
        }

        boolean isUpForAll() {
            return votes.stream().filter(vote -> vote != SiteVote.NONE).allMatch(vote -> vote == SiteVote.UP);
        }

        private List<RegionId> of(List<SiteVote> wanted) {
            List<RegionId> found = new ArrayList<>();
            for (int i = 0; i < sites.size(); i++) {
                if (wanted.contains(votes.get(i))) {
                    found.add(sites.get(i));
                }
            }
            return found;
        }
    }
}
