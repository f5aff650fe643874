package io.beringia.discovery.hosts;

import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.xds.HostClaim;
import java.time.Instant;
import java.util.Optional;

/**
 * One stream of one host, as it stands.
 *
 * @param since by which its entry is ours; empty before it was
 * @param report the last that it said
 */
record Stay(HostClaim host, Optional<Instant> since, Optional<HostReport> report, Presence presence) {
    static Stay begun(HostClaim host) {
        return new Stay(host, Optional.empty(), Optional.empty(), new Presence.Here());
    }

    /** Whether the stream lives. */
    sealed interface Presence {
        record Here() implements Presence {}

        /** Ended, perhaps to go on at another replica. */
        record Left(Instant at) implements Presence {}

        /** The time is over in which it would have come elsewhere. */
        record Gone(Instant leftAt) implements Presence {}
    }

    Stay claimed(Instant at) {
        return new Stay(host, Optional.of(at), report, presence);
    }

    Stay said(HostReport news) {
        return new Stay(host, since, Optional.of(news), presence);
    }

    Stay is(Presence next) {
        return new Stay(host, since, report, next);
    }
}
