package io.beringia.trust.rotation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where a trust domain stands between two roots A and B. A phase is an order to the whole mesh, which roots to publish
 * and which to sign under; {@link RotationRules} says when the next one may be given.
 *
 * <pre>
 * phase          published  signs            on, when
 * Stable(A)      A          A                an operator starts
 * Prepared       A          A                B is fit, clusters are as we left them
 * Publishing     A B        A                everybody trusts B
 * Published      A B        A                still so
 * Canary         A B        A, probes: B     every proxy accepts the probes
 * Activating     A B        B, one cluster   it signs and is accepted; then the next one
 *                           after the other
 * Active         A B        B                all sign under B
 * Draining       A B        B                no leaf and no server under A is left
 * Retiring       B          B                nobody trusts A
 * Retired        B, not A   B                A's key is gone
 *
 * RollingBack    A B        A                from Canary to Draining: no leaf and no server under B is left
 * Withdrawing    A          A                from Publishing on: nobody trusts B
 * </pre>
 */
public sealed interface RotationPhase {
    /** Grows with every order. Whoever has obeyed one refuses those before it, however late they come. */
    long generation();

    /** Nothing changes. */
    record Stable(RootId root, long generation) implements RotationPhase {}

    /** On the way. */
    sealed interface Changing extends RotationPhase {
        Change change();

        /** When the phase was stored. */
        Instant since();

        /** The root that everybody must know here. */
        default RootId staying() {
            return isForward() ? change().to() : change().from();
        }

        /** The root that goes, or is still to go. */
        default RootId leaving() {
            return isForward() ? change().from() : change().to();
        }

        private boolean isForward() {
            return !(this instanceof RollingBack) && !(this instanceof Withdrawing);
        }
    }

    /** Stored, and nobody else has heard of it. */
    record Prepared(Change change, long generation, Instant since) implements Changing {
        Publishing publish(Instant now) {
            return new Publishing(change, generation + 1, now);
        }

        Stable dropped() {
            return new Stable(change.from(), generation);
        }
    }

    record Publishing(Change change, long generation, Instant since) implements Changing {
        Published published(Instant now) {
            return new Published(change, generation, now);
        }

        Withdrawing withdraw(Instant now) {
            return new Withdrawing(change, generation + 1, now);
        }
    }

    record Published(Change change, long generation, Instant since) implements Changing {
        Canary probe(Instant now) {
            return new Canary(change, generation, now);
        }

        /** Whoever is in a hurry probes nobody. */
        Active activate(Instant now) {
            return new Active(change, generation + 1, now);
        }

        Withdrawing withdraw(Instant now) {
            return new Withdrawing(change, generation + 1, now);
        }
    }

    /** Leaves under the next root exist, for the probe alone. */
    record Canary(Change change, long generation, Instant since) implements Changing {
        RollingBack rollBack(Instant now) {
            return new RollingBack(change, generation + 1, now);
        }
    }

    /**
     * @param begun clusters that sign under the next root, or have been told to; the last one is not yet sure
     */
    record Activating(Change change, long generation, Instant since, List<String> begun) implements Changing {
        public Activating {
            begun = List.copyOf(begun);
        }

        Activating then(String cluster, Instant now) {
            List<String> more = new ArrayList<>(begun);
            more.add(cluster);
            return new Activating(change, generation + 1, now, more);
        }

        Active activated(Instant now) {
            return new Active(change, generation, now);
        }

        RollingBack rollBack(Instant now) {
            return new RollingBack(change, generation + 1, now);
        }
    }

    record Active(Change change, long generation, Instant since) implements Changing {
        Draining drain(Instant now) {
            return new Draining(change, generation, now);
        }

        RollingBack rollBack(Instant now) {
            return new RollingBack(change, generation + 1, now);
        }
    }

    record Draining(Change change, long generation, Instant since) implements Changing {
        Retiring retire(Instant now) {
            return new Retiring(change, generation + 1, now);
        }

        RollingBack rollBack(Instant now) {
            return new RollingBack(change, generation + 1, now);
        }
    }

    /** From here there is no way back but another rotation. */
    record Retiring(Change change, long generation, Instant since) implements Changing {
        Retired retired(Instant now) {
            return new Retired(change, generation + 1, now);
        }
    }

    record Retired(Change change, long generation, Instant since) implements Changing {
        Stable settled() {
            return new Stable(change.to(), generation);
        }
    }

    record RollingBack(Change change, long generation, Instant since) implements Changing {
        Withdrawing withdraw(Instant now) {
            return new Withdrawing(change, generation + 1, now);
        }
    }

    record Withdrawing(Change change, long generation, Instant since) implements Changing {
        Stable settled() {
            return new Stable(change.from(), generation);
        }
    }

    /** As metrics, ledger and commands name it. */
    default String word() {
        return switch (this) {
            case Stable _ -> "stable";
            case Prepared _ -> "prepared";
            case Publishing _ -> "publishing";
            case Published _ -> "published";
            case Canary _ -> "canary";
            case Activating _ -> "activating";
            case Active _ -> "active";
            case Draining _ -> "draining";
            case Retiring _ -> "retiring";
            case Retired _ -> "retired";
            case RollingBack _ -> "rolling-back";
            case Withdrawing _ -> "withdrawing";
        };
    }

    /** The roots that every issuer, every namespace and the bundle endpoint of the domain give out. */
    default Set<RootId> published() {
        return switch (this) {
            case Stable at -> Set.of(at.root());
            case Prepared at -> Set.of(at.change().from());
            case Withdrawing at -> Set.of(at.change().from());
            case Publishing at -> at.change().both();
            case Published at -> at.change().both();
            case Canary at -> at.change().both();
            case Activating at -> at.change().both();
            case Active at -> at.change().both();
            case Draining at -> at.change().both();
            case RollingBack at -> at.change().both();
            case Retiring at -> Set.of(at.change().to());
            case Retired at -> Set.of(at.change().to());
        };
    }

    /** The root that is, or was, in force before any other: the one that an emergency is about. */
    default RootId old() {
        return switch (this) {
            case Stable at -> at.root();
            case Changing at -> at.change().from();
        };
    }

    /** The root under which a cluster signs. */
    default RootId signer(String cluster) {
        return switch (this) {
            case Stable at -> at.root();
            case Prepared at -> at.change().from();
            case Publishing at -> at.change().from();
            case Published at -> at.change().from();
            case Canary at -> at.change().from();
            case RollingBack at -> at.change().from();
            case Withdrawing at -> at.change().from();
            case Activating at ->
                at.begun().contains(cluster) ? at.change().to() : at.change().from();
            case Active at -> at.change().to();
            case Draining at -> at.change().to();
            case Retiring at -> at.change().to();
            case Retired at -> at.change().to();
        };
    }
}
