package io.beringia.discovery.hosts;

import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.HostReport;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.kube.Condition;
import io.beringia.discovery.kube.EntryChange;
import io.beringia.discovery.kube.HostEntry;
import io.beringia.discovery.xds.HostClaim;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be written of an entry for one stream of its host. Of several streams, perhaps at several replicas, the one
 * that the entry names speaks: the youngest, by the time in its annotation (istio {@code pilot/pkg/autoregistration}). Pure.
 *
 * @param replica as the entry names it
 */
record HostRules(TrustDomain domain, String replica) {
    /** The next thing to do; after a write the entry is looked at again. */
    sealed interface Step {
        /** The entry becomes ours. */
        record Claim(Instant at, EntryChange change) implements Step {}

        /** Everybody is told how the host is. */
        record Tell(HostReport report, EntryChange change) implements Step {}

        /** The entry is nobody's, until its host comes again. */
        record Release(EntryChange change) implements Step {}

        /** Until something else is said. */
        record Rest() implements Step {}

        /** Nothing is left to do for this stream. */
        record Over() implements Step {}

        record Refused(HostRefusal why, String detail) implements Step {}
    }

    Step next(HostEntry entry, Stay stay, Instant now) {
        return switch (stay.presence()) {
            case Stay.Presence.Here() -> refusal(entry, stay.host()).orElseGet(() -> ofHere(entry, stay, now));
            case Stay.Presence.Left(Instant at) -> ofLeft(entry, stay, at);
            case Stay.Presence.Gone(Instant at) -> ofGone(entry, stay, at, now);
        };
    }

    /** Fails closed: what cannot be compared is not equal. */
    private Optional<Step> refusal(HostEntry entry, HostClaim host) {
        if (!entry.isChecked()) {
            return refused(HostRefusal.NOT_CHECKED, "no annotation (expected: " + HostEntry.CHECKED + ")");
        }
        boolean isItself = !entry.account().isEmpty()
                && SpiffeId.ofWorkload(domain, entry.name().namespace(), entry.account())
                        .equals(host.id());
        if (!isItself) {
            return refused(HostRefusal.OTHER_ACCOUNT, host.id() + " (expected: account \"" + entry.account() + "\")");
        }
        return isAt(entry.address(), host.address())
                ? Optional.empty()
                : refused(HostRefusal.OTHER_ADDRESS, host.address() + " (expected: " + entry.address() + ")");
    }

    private static Optional<Step> refused(HostRefusal why, String detail) {
        return Optional.of(new Step.Refused(why, detail));
    }

    private static boolean isAt(String address, String said) {
        try {
            return IpAddress.parse(address).equals(IpAddress.parse(said));
        } catch (IllegalArgumentException nameOrNothing) {
            return false;
        }
    }

    private Step ofHere(HostEntry entry, Stay stay, Instant now) {
        if (isOurs(entry, stay)) {
            return stay.report().flatMap(report -> told(entry, report, now)).orElseGet(Step.Rest::new);
        }
        boolean isYoungerElsewhere = stay.since()
                .flatMap(since -> entry.connectedAt().filter(other -> !other.isBefore(since)))
                .isPresent();
        return isYoungerElsewhere ? new Step.Rest() : claim(entry, now);
    }

    private boolean isOurs(HostEntry entry, Stay stay) {
        return stay.since().isPresent()
                && entry.connectedAt().equals(stay.since())
                && entry.controller().equals(Optional.of(replica));
    }

    /** Later than whatever the entry says: the clock of another replica may be ahead of ours. */
    private Step claim(HostEntry entry, Instant now) {
        Instant at = later(later(now, entry.connectedAt()), entry.disconnectedAt());
        return new Step.Claim(
                at,
                new EntryChange.Annotate(
                        Map.of(HostEntry.CONTROLLER, replica, HostEntry.CONNECTED_AT, at.toString()),
                        Set.of(HostEntry.DISCONNECTED_AT)));
    }

    private static Instant later(Instant now, Optional<Instant> other) {
        return other.filter(it -> !it.isBefore(now))
                .map(it -> it.plus(1, ChronoUnit.MILLIS))
                .orElse(now);
    }

    private Step ofLeft(HostEntry entry, Stay stay, Instant at) {
        if (isOurs(entry, stay)) {
            return new Step.Release(new EntryChange.Annotate(
                    Map.of(HostEntry.DISCONNECTED_AT, at.toString()), Set.of(HostEntry.CONNECTED_AT)));
        }
        return isReleased(entry, at) ? new Step.Rest() : new Step.Over();
    }

    /** Nobody has claimed it since we let it go. */
    private boolean isReleased(HostEntry entry, Instant at) {
        return entry.connectedAt().isEmpty()
                && entry.disconnectedAt().equals(Optional.of(at))
                && entry.controller().equals(Optional.of(replica));
    }

    private Step ofGone(HostEntry entry, Stay stay, Instant at, Instant now) {
        if (!isReleased(entry, at)) {
            return ofLeft(entry, stay, at);
        }
        boolean isKnownIll = entry.healthy()
                .filter(it -> it.status() == Condition.Status.FALSE)
                .isPresent();
        return isKnownIll
                ? new Step.Over()
                : tell(entry, HostReport.unhealthy("its host is gone since " + at), "HostGone", now);
    }

    /** Takes over, at that moment, from a replica that is no more and whose host has come to nobody. */
    EntryChange adopt(Instant at) {
        return new EntryChange.Annotate(
                Map.of(HostEntry.CONTROLLER, replica, HostEntry.DISCONNECTED_AT, at.toString()),
                Set.of(HostEntry.CONNECTED_AT));
    }

    /** Whether everybody would go on to call it if its host were gone. */
    static boolean isBelieved(HostEntry entry) {
        return entry.isChecked()
                && !entry.account().isEmpty()
                && entry.healthy()
                        .filter(it -> it.status() == Condition.Status.TRUE)
                        .isPresent();
    }

    /** The stay of whoever is taken over from. */
    Stay adopted(HostEntry entry, Instant at) {
        HostClaim host = new HostClaim(
                entry.name().namespace(),
                entry.name().name(),
                SpiffeId.ofWorkload(domain, entry.name().namespace(), entry.account()),
                entry.address());
        return Stay.begun(host).is(new Stay.Presence.Left(at));
    }

    private static Optional<Step> told(HostEntry entry, HostReport report, Instant now) {
        boolean isHealthy = report.health() == Health.HEALTHY;
        boolean isSaid = entry.healthy()
                .filter(it -> it.status() == status(report) && it.message().equals(report.why()))
                .isPresent();
        return isSaid
                ? Optional.empty()
                : Optional.of(tell(entry, report, isHealthy ? "ApplicationReady" : "ApplicationNotReady", now));
    }

    private static Step tell(HostEntry entry, HostReport report, String reason, Instant now) {
        Instant since = entry.healthy()
                .filter(it -> it.status() == status(report))
                .map(Condition::since)
                .orElse(now.truncatedTo(ChronoUnit.SECONDS));
        return new Step.Tell(
                report,
                new EntryChange.Say(
                        new Condition(HostEntry.HEALTHY, status(report), reason, report.why(), 0, since), now));
    }

    private static Condition.Status status(HostReport report) {
        return switch (report.health()) {
            case HEALTHY -> Condition.Status.TRUE;
            case UNHEALTHY -> Condition.Status.FALSE;
        };
    }
}
