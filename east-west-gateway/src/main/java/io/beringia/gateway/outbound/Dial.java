package io.beringia.gateway.outbound;

import io.beringia.gateway.outbound.DialRules.Step;
import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.routing.Candidate;
import io.beringia.gateway.routing.Refusal;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The attempts for one tunnel, until one has answered or all have failed: does what {@link DialRules} say. Nothing of
 * the application has moved yet, so a second attempt is safe. Losers are reset with CANCEL. Lives on the loop of its
 * tunnel.
 */
public final class Dial {
    private final Dialer dialer;
    private final Leg leg;
    private final Finish finish;
    /** One for each {@link DialRace#tries}, in the same order. */
    private final List<Runner> runners = new ArrayList<>();

    private DialRace race;
    private Optional<Future<?>> alarm = Optional.empty();
    private boolean stepping;
    private boolean over;

    Dial(Dialer dialer, List<Candidate> candidates, Leg leg, Finish finish) {
        this.dialer = dialer;
        this.leg = leg;
        this.finish = finish;
        this.race = DialRace.of(candidates, dialer.nowNanos());
    }

    /** Told once. */
    public interface Finish {
        void onWon(Candidate candidate, RelayEnd end, InetSocketAddress local);

        void onAllFailed(Refusal why, String detail);
    }

    public void start() {
        dialer.began();
        step();
    }

    /** Gives up; every attempt is reset, and {@link Finish} is not called. */
    public void cancel() {
        end();
    }

    /** The paths have changed. */
    public void onPaths() {
        step();
    }

    private void step() {
        if (stepping) {
            return;
        }
        stepping = true;
        while (!over && act(DialRules.next(race, dialer.paths(), dialer.nowNanos()))) {}
        stepping = false;
    }

    /** Whether there is more to do at once. */
    private boolean act(Step step) {
        switch (step) {
            case Step.Start start -> begin(start.cost());
            case Step.Wait wait -> {
                wakeAt(wait.untilNanos());
                return false;
            }
            case Step.Won won -> win(runners.get(won.candidate()));
            case Step.GiveUp given -> giveUp(given.why());
        }
        return true;
    }

    private void begin(Cost cost) {
        runners.forEach(Runner::late);
        if (!dialer.affords(cost)) {
            race = race.denied(cost);
            return;
        }
        Runner runner = new Runner(race.nextCandidate());
        race = race.started(dialer.nowNanos());
        runners.add(runner);
        runner.attempt = dialer.begin(runner.candidate(), leg, runner);
    }

    private void wakeAt(long nanos) {
        alarm.ifPresent(old -> old.cancel(false));
        long delay = Math.max(1, nanos - dialer.nowNanos());
        alarm = Optional.of(dialer.loop().schedule(this::step, delay, TimeUnit.NANOSECONDS));
    }

    private void win(Runner winner) {
        RelayEnd end = winner.end.orElseThrow();
        InetSocketAddress local = winner.local.orElseThrow();
        winner.end = Optional.empty();
        end();
        finish.onWon(winner.candidate(), end, local);
    }

    private void giveUp(Refusal why) {
        end();
        finish.onAllFailed(
                why,
                "dials: " + runners.size() + " of " + race.candidates().size()
                        + " candidates tried, none answered (expected: one)");
    }

    private void end() {
        if (!over) {
            over = true;
            alarm.ifPresent(old -> old.cancel(false));
            runners.forEach(Runner::cancel);
        }
    }

    /** One attempt. Lives on the loop of its tunnel. */
    private final class Runner implements Attempt.Outcome {
        private final int index;
        private Attempt attempt = () -> {};
        private Optional<RelayEnd> end = Optional.empty();
        private Optional<InetSocketAddress> local = Optional.empty();
        private boolean late;

        private Runner(int index) {
            this.index = index;
        }

        private Candidate candidate() {
            return race.candidates().get(index);
        }

        private boolean isRunning() {
            return race.tries().get(index).ending() == DialRace.Ending.RUNNING;
        }

        private void late() {
            if (isRunning()) {
                late = true;
                attempt.onLate();
            }
        }

        private void cancel() {
            if (isRunning()) {
                reportSilence();
                attempt.cancel();
            }
            end.ifPresent(unwanted -> unwanted.reset(Reset.CANCEL));
        }

        private void reportSilence() {
            long running = dialer.nowNanos() - race.tries().get(index).startedNanos();
            if (running >= DialRules.limit(candidate()).toNanos()) {
                attempt.onLate();
                dialer.watcher().onFailed(candidate(), leg, new DialFailure.TimedOut());
            } else if (late) {
                dialer.watcher().onOutrun(candidate(), leg);
            }
        }

        @Override
        public void onConnected(RelayEnd connected, InetSocketAddress from) {
            dialer.watcher().onConnected(candidate(), leg);
            if (over) {
                connected.reset(Reset.CANCEL);
                return;
            }
            end = Optional.of(connected);
            local = Optional.of(from);
            race = race.ended(index, DialRace.Ending.CONNECTED);
            step();
        }

        @Override
        public void onFailed(DialFailure why) {
            if (!over) {
                dialer.watcher().onFailed(candidate(), leg, why);
                race = race.ended(index, why.ending());
                step();
            }
        }
    }
}
