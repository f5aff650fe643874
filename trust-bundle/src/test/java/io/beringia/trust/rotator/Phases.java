package io.beringia.trust.rotator;

import io.beringia.trust.rotation.Change;
import io.beringia.trust.rotation.Pace;
import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationPhase;
import java.time.Instant;
import java.util.List;

/** One of each phase. */
final class Phases {
    private Phases() {}

    static List<RotationPhase> all(RootId from, RootId to, long generation, Instant since) {
        Change change = new Change(from, to, new Pace.Careful());
        return List.of(
                new RotationPhase.Stable(from, generation),
                new RotationPhase.Prepared(change, generation, since),
                new RotationPhase.Publishing(change, generation, since),
                new RotationPhase.Published(change, generation, since),
                new RotationPhase.Canary(change, generation, since),
                new RotationPhase.Activating(change, generation, since, List.of("us-east")),
                new RotationPhase.Active(change, generation, since),
                new RotationPhase.Draining(change, generation, since),
                new RotationPhase.Retiring(change, generation, since),
                new RotationPhase.Retired(change, generation, since),
                new RotationPhase.RollingBack(change, generation, since),
                new RotationPhase.Withdrawing(change, generation, since));
    }
}
