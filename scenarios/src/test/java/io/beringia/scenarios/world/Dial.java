package io.beringia.scenarios.world;

import io.beringia.gateway.outbound.Cost;
import io.beringia.gateway.outbound.DialRace;
import io.beringia.gateway.outbound.DialRules;
import io.beringia.gateway.routing.Candidate;
import io.beringia.trust.identity.SpiffeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** One dial of a gateway: the real rules of retry and hedge, over simulated connections to whom they choose. */
final class Dial {
    private final WorldClock clock;
    private final Gateway gateway;
    private final SpiffeId source;
    private final Function<Candidate, Supplier<DialRace.Ending>> attempts;
    private final List<Supplier<DialRace.Ending>> begun = new ArrayList<>();
    private final long beganMillis;
    private DialRace race;

    /**
     * @param source who wants it
     * @param attempts begins one try, which says how it stands after each step of time
     */
    Dial(
            WorldClock clock,
            Gateway gateway,
            SpiffeId source,
            List<Candidate> candidates,
            Function<Candidate, Supplier<DialRace.Ending>> attempts) {
        this.clock = clock;
        this.gateway = gateway;
        this.source = source;
        this.attempts = attempts;
        this.beganMillis = clock.millis();
        this.race = DialRace.of(candidates, clock.nanos());
        gateway.budgets().onDial(clock.nanos());
    }

    /** How it ended. */
    sealed interface End {
        /** @param attempts how many it took */
        record Won(Candidate candidate, long tookMillis, int attempts) implements End {}

        record Lost(String why, int attempts) implements End {}
    }

    Gateway gateway() {
        return gateway;
    }

    SpiffeId source() {
        return source;
    }

    Optional<End> step() {
        for (int i = 0; i < begun.size(); i++) {
            if (race.tries().get(i).ending() == DialRace.Ending.RUNNING) {
                DialRace.Ending ending = begun.get(i).get();
                race = ending == DialRace.Ending.RUNNING ? race : race.ended(i, ending);
            }
        }
        while (true) {
            switch (DialRules.next(race, gateway.table(), clock.nanos())) {
                case DialRules.Step.Start start -> start(start.candidate(), start.cost());
                case DialRules.Step.Wait _ -> {
                    return Optional.empty();
                }
                case DialRules.Step.Won won -> {
                    return Optional.of(new End.Won(
                            race.candidates().get(won.candidate()), clock.millis() - beganMillis, begun.size()));
                }
                case DialRules.Step.GiveUp up -> {
                    return Optional.of(new End.Lost(up.why().name(), begun.size()));
                }
            }
        }
    }

    private void start(int candidate, Cost cost) {
        if (gateway.budgets().take(cost, clock.nanos())) {
            begun.add(attempts.apply(race.candidates().get(candidate)));
            race = race.started(clock.nanos());
        } else {
            race = race.denied(cost);
        }
    }
}
