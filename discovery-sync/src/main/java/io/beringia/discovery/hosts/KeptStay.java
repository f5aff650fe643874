package io.beringia.discovery.hosts;

import io.beringia.discovery.hosts.Stay.Presence;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.xds.HostClaim;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A stream of a host, and when to look at its entry again. Times are of a clock that does not jump.
 *
 * @param due never: {@link Instant#MAX}
 * @param actedAt never: {@link Instant#MIN}
 * @param goneAt when its grace is over, once it has left
 * @param refused why what it says is not written
 */
record KeptStay(Stay stay, Instant due, Instant actedAt, Instant goneAt, Optional<HostRefusal> refused) {
    /** Whatever a host says, its entry is written no more often. */
    private static final Duration PACE = Duration.ofSeconds(1);

    /** For our own watch to tell us of what we wrote; only then it is looked whether somebody wrote something else. */
    private static final Duration SETTLE = Duration.ofSeconds(5);

    static KeptStay begun(HostClaim host, Instant now) {
        return new KeptStay(Stay.begun(host), now, Instant.MIN, Instant.MAX, Optional.empty());
    }

    /** Of a host that left a replica which is gone. */
    static KeptStay adopted(Stay left, Instant now, Duration grace) {
        return new KeptStay(left, Instant.MAX, now, now.plus(grace), Optional.empty());
    }

    boolean isOf(ObjectName entry) {
        return stay.host().namespace().equals(entry.namespace())
                && stay.host().entry().equals(entry.name());
    }

    KeptStay with(Stay next) {
        return new KeptStay(next, due, actedAt, goneAt, refused);
    }

    KeptStay dueAt(Instant when) {
        return new KeptStay(stay, when, actedAt, goneAt, refused);
    }

    /** Something was said: at once, but not at every word. */
    KeptStay dueSoon(Instant now) {
        return dueAt(actedAt.equals(Instant.MIN) || now.isAfter(actedAt.plus(PACE)) ? now : actedAt.plus(PACE));
    }

    /** @param wall when it left, for all replicas */
    KeptStay left(Instant wall, Instant now, Duration grace) {
        return new KeptStay(stay.is(new Presence.Left(wall)), now, actedAt, now.plus(grace), refused);
    }

    /** Only now can other replicas see that it may come to them. */
    KeptStay released(Instant now, Duration grace) {
        return switch (stay.presence()) {
            case Presence.Here() -> this;
            case Presence.Left(Instant wall) -> left(wall, now, grace);
            case Presence.Gone(Instant wall) -> left(wall, now, grace);
        };
    }

    /** Its entry was looked at, and nothing is to do. */
    KeptStay rested(Instant now) {
        return new KeptStay(stay, Instant.MAX, now, goneAt, Optional.empty());
    }

    KeptStay refused(HostRefusal why, Instant now, Duration rest) {
        return new KeptStay(stay, now.plus(rest), now, goneAt, Optional.of(why));
    }

    boolean isGone(Instant now) {
        return stay.presence() instanceof Presence.Left && !now.isBefore(goneAt);
    }

    /** Whether it rests for so long that what everybody is told should be what it said. */
    boolean isSettled(Instant now) {
        return stay.presence() instanceof Presence.Here
                && due.equals(Instant.MAX)
                && !now.isBefore(actedAt.plus(SETTLE));
    }
}
