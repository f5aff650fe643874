package io.beringia.trust.rotation;

import static io.beringia.trust.rotation.Gate.CANDIDATE;
import static io.beringia.trust.rotation.Gate.CLUSTERS;
import static io.beringia.trust.rotation.Gate.GONE;
import static io.beringia.trust.rotation.Gate.HANDED_OUT;
import static io.beringia.trust.rotation.Gate.INVENTORY;
import static io.beringia.trust.rotation.Gate.KEY;
import static io.beringia.trust.rotation.Gate.LEAVES;
import static io.beringia.trust.rotation.Gate.MOUNTED;
import static io.beringia.trust.rotation.Gate.PARTNERS;
import static io.beringia.trust.rotation.Gate.PROBES;
import static io.beringia.trust.rotation.Gate.SERVING;
import static io.beringia.trust.rotation.Gate.SIGNERS;
import static io.beringia.trust.rotation.Gate.TRUSTED;

import io.beringia.trust.rotation.RotationEvidence.Cluster;
import io.beringia.trust.rotation.RotationPhase.Activating;
import io.beringia.trust.rotation.RotationPhase.Active;
import io.beringia.trust.rotation.RotationPhase.Canary;
import io.beringia.trust.rotation.RotationPhase.Changing;
import io.beringia.trust.rotation.RotationPhase.Draining;
import io.beringia.trust.rotation.RotationPhase.Prepared;
import io.beringia.trust.rotation.RotationPhase.Published;
import io.beringia.trust.rotation.RotationPhase.Publishing;
import io.beringia.trust.rotation.RotationPhase.Retired;
import io.beringia.trust.rotation.RotationPhase.Retiring;
import io.beringia.trust.rotation.RotationPhase.RollingBack;
import io.beringia.trust.rotation.RotationPhase.Stable;
import io.beringia.trust.rotation.RotationPhase.Withdrawing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * When a rotation goes on, and where an operator may send it. Pure; any thread. Any two live leaves verify one another
 * at every moment of it, whatever is late, lost or out of reach, as long as no phase is stored but those that come
 * from here.
 */
public final class RotationRules {
    /** Before anybody sees a leaf under the next root; asked again at each step to there, for days may lie between. */
    private static final List<Gate> TRUST_IS_EVERYWHERE =
            List.of(CANDIDATE, INVENTORY, HANDED_OUT, MOUNTED, TRUSTED, PARTNERS);

    private static final List<Gate> PROBED_TOO =
            List.of(CANDIDATE, INVENTORY, HANDED_OUT, MOUNTED, TRUSTED, PARTNERS, PROBES);

    /** What an emergency asks as well: a fit root, the share of the data planes, and that the key is gone. */
    private static final Set<Gate> NEVER_DROPPED = EnumSet.of(CANDIDATE, INVENTORY, TRUSTED, LEAVES, GONE, KEY);

    private final Gates gates;

    public RotationRules(RotationTiming timing) {
        this(new RotationGates(timing));
    }

    RotationRules(Gates gates) {
        this.gates = gates;
    }

    /** The one step that may be made now. */
    public Decision next(RotationPhase phase, RotationEvidence seen, Instant now) {
        return switch (phase) {
            case Stable _ -> new Decision.Rest();
            case Changing changing -> judge(changing, onward(changing, seen, now), gates(changing), seen, now);
        };
    }

    /** An operator wants a new root: prepared where it is fit. */
    public Decision start(Stable phase, RootId next, RotationEvidence seen, Instant now) {
        if (next.equals(phase.root())) {
            return new Decision.Refuse("next root: " + next + " (expected: another one than the active)");
        }
        Change change = new Change(phase.root(), next, new Pace.Careful());
        Prepared prepared = new Prepared(change, phase.generation() + 1, now);
        return judge(prepared, prepared, List.of(CANDIDATE), seen, now);
    }

    /** An operator wants the old root back. Once it may be unknown to somebody there is no way back. */
    public static Decision rollBack(RotationPhase phase, Instant now) {
        return switch (phase) {
            case Changing at
            when at.change().pace() instanceof Pace.Urgent ->
                new Decision.Refuse("rollback: the old root's key is in wrong hands (expected: onward)");
            case Prepared at -> to(at.dropped());
            case Publishing at -> to(at.withdraw(now));
            case Published at -> to(at.withdraw(now));
            case Canary at -> to(at.rollBack(now));
            case Activating at -> to(at.rollBack(now));
            case Active at -> to(at.rollBack(now));
            case Draining at -> to(at.rollBack(now));
            case Retiring _, Retired _ ->
                new Decision.Refuse("rollback: the old root is withdrawn already (expected: another rotation)");
            case RollingBack _, Withdrawing _ ->
                new Decision.Refuse("rollback: on the way back already (expected: a rotation on its way onward)");
            case Stable _ -> new Decision.Refuse("rollback: nothing changes (expected: a rotation on its way)");
        };
    }

    /**
     * The key of the old root is in wrong hands: from here on the rotation waits for a share of the data planes and for
     * nobody else, and one on its way back turns round.
     *
     * @param percent of the data planes that must not be lost, 1 to 100
     */
    public static Decision hurry(RotationPhase phase, int percent, Instant now) {
        return switch (phase) {
            case Prepared at -> to(new Prepared(at.change().urgent(percent), at.generation(), now));
            case Publishing at -> to(spread(at, percent, now));
            case Published at -> to(spread(at, percent, now));
            case Canary at -> to(spread(at, percent, now));
            case RollingBack at -> to(spread(at, percent, now));
            case Withdrawing at -> to(spread(at, percent, now));
            case Activating at -> to(activate(at, percent, now));
            case Active at -> to(activate(at, percent, now));
            case Draining at -> to(activate(at, percent, now));
            case Retiring at -> to(new Retiring(at.change().urgent(percent), at.generation(), at.since()));
            case Retired _ -> new Decision.Refuse("emergency: the old root is denied already");
            case Stable _ -> new Decision.Refuse("emergency: no next root (expected: a rotation on its way)");
        };
    }

    /** The gates of which an emergency asks none, in their order. */
    public static List<Gate> droppedInEmergency() {
        return List.copyOf(EnumSet.complementOf(EnumSet.copyOf(NEVER_DROPPED)));
    }

    /** The gates that are asked in an emergency too, in their order. */
    public static List<Gate> neverDropped() {
        return List.copyOf(NEVER_DROPPED);
    }

    private static Decision to(RotationPhase phase) {
        return new Decision.Advance(phase, List.of());
    }

    private static Publishing spread(Changing from, int percent, Instant now) {
        return new Publishing(from.change().urgent(percent), from.generation() + 1, now);
    }

    private static Active activate(Changing from, int percent, Instant now) {
        return new Active(from.change().urgent(percent), from.generation() + 1, now);
    }

    private Decision judge(Changing from, RotationPhase to, List<Gate> asked, RotationEvidence seen, Instant now) {
        List<Missing> missing = new ArrayList<>();
        for (Gate gate : asked) {
            missing.addAll(gates.missing(gate, from, seen, now));
        }
        return missing.isEmpty() ? new Decision.Advance(to, asked) : new Decision.Hold(missing);
    }

    private static RotationPhase onward(Changing phase, RotationEvidence seen, Instant now) {
        return switch (phase) {
            case Prepared at -> at.publish(now);
            case Publishing at -> at.published(now);
            case Published at -> at.change().pace() instanceof Pace.Urgent ? at.activate(now) : at.probe(now);
            case Canary at -> activate(new Activating(at.change(), at.generation(), now, List.of()), seen, now);
            case Activating at -> activate(at, seen, now);
            case Active at -> at.drain(now);
            case Draining at -> at.retire(now);
            case Retiring at -> at.retired(now);
            case Retired at -> at.settled();
            case RollingBack at -> at.withdraw(now);
            case Withdrawing at -> at.settled();
        };
    }

    private static RotationPhase activate(Activating phase, RotationEvidence seen, Instant now) {
        Optional<String> next = seen.clusters().stream()
                .map(Cluster::name)
                .filter(name -> !phase.begun().contains(name))
                .findFirst();
        return next.<RotationPhase>map(name -> phase.then(name, now)).orElseGet(() -> phase.activated(now));
    }

    /** What must be open before a phase is left for the next one. */
    static List<Gate> gates(Changing phase) {
        return phase.change().pace() instanceof Pace.Urgent ? urgentGates(phase) : carefulGates(phase);
    }

    private static List<Gate> carefulGates(Changing phase) {
        return switch (phase) {
            case Prepared _ -> List.of(CANDIDATE, CLUSTERS);
            case Publishing _, Published _ -> TRUST_IS_EVERYWHERE;
            case Canary _ -> PROBED_TOO;
            case Activating _ -> List.of(INVENTORY, SIGNERS, PROBES);
            case Active _ -> List.of(INVENTORY, SIGNERS);
            case Draining _ -> List.of(INVENTORY, SIGNERS, LEAVES, SERVING, PARTNERS);
            case RollingBack _ -> List.of(INVENTORY, SIGNERS, LEAVES, SERVING);
            case Retiring _, Withdrawing _ -> List.of(INVENTORY, HANDED_OUT, MOUNTED, GONE);
            case Retired _ -> List.of(KEY);
        };
    }

    private static List<Gate> urgentGates(Changing phase) {
        return switch (phase) {
            case Prepared _ -> List.of(CANDIDATE);
            case Publishing _ -> List.of(CANDIDATE, INVENTORY, TRUSTED);
            case Published _, Active _ -> List.of();
            case Draining _ -> List.of(INVENTORY, LEAVES);
            case Retiring _ -> List.of(INVENTORY, GONE);
            case Canary _, Activating _, Retired _, RollingBack _, Withdrawing _ -> carefulGates(phase);
        };
    }
}
