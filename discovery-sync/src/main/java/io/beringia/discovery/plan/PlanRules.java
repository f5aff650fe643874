package io.beringia.discovery.plan;

import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.wire.PlanCodec;
import java.util.Optional;

/** Which of the plans that were rightly signed is obeyed: only a greater one than ever before. Pure. Any thread. */
public final class PlanRules {
    private PlanRules() {}

    /**
     * What we hold.
     *
     * @param greatest of all that were ever accepted; empty where none was, or nobody knows any more
     * @param plan the one of that version; empty where only its version survived
     * @param frozen why nothing is decided about newer plans by others than a quorum; empty when all is well
     */
    public record Held(Optional<AcceptedPlan> greatest, Optional<TrafficPlan> plan, Optional<String> frozen) {
        public static final Held NOTHING = new Held(Optional.empty(), Optional.empty(), Optional.empty());

        public static Held accepted(PlanCodec.Opened opened) {
            return new Held(Optional.of(AcceptedPlan.of(opened)), Optional.of(opened.plan()), Optional.empty());
        }

        Held frozen(String why) {
            return new Held(greatest, plan, Optional.of(why));
        }
    }

    /** What to do with an offered plan. */
    public sealed interface Judgement {
        /** Obey it from now on. */
        record Accept() implements Judgement {}

        /** It is the one that we have. */
        record Known() implements Judgement {}

        record Refuse(String why) implements Judgement {}

        /** Two plans under one version: neither can be trusted to be the one that others obey. */
        record Freeze(String why) implements Judgement {}
    }

    public static Judgement judge(Held held, PlanCodec.Opened offered, String mesh) {
        TrafficPlan plan = offered.plan();
        if (!plan.mesh().equals(mesh)) {
            return new Judgement.Refuse("mesh: \"" + plan.mesh() + "\" (expected: \"" + mesh + "\")");
        }
        return held.greatest()
                .map(greatest -> compared(held, greatest, AcceptedPlan.of(offered)))
                .orElseGet(Judgement.Accept::new);
    }

    private static Judgement compared(Held held, AcceptedPlan greatest, AcceptedPlan offered) {
        int order = offered.version().compareTo(greatest.version());
        if (order < 0) {
            return new Judgement.Refuse("plan " + offered.version() + " (expected: above " + greatest.version() + ")");
        }
        if (order > 0) {
            return new Judgement.Accept();
        }
        if (!offered.equals(greatest)) {
            return new Judgement.Freeze("two plans of one version: " + offered + " beside " + greatest);
        }
        return held.plan().isPresent() ? new Judgement.Known() : new Judgement.Accept();
    }
}
