package io.beringia.gateway.drain;

import io.beringia.gateway.time.AwakeClock;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.TimeUnit;

/** One event loop's way out: does what {@link DrainRules} say. Lives on that loop. */
final class LoopDrain {
    private final Drained here;
    private final DrainConfig config;
    private final Promise<Residue> left;
    private final Promise<Void> over;
    private DrainState state;

    private LoopDrain(Drained here, DrainConfig config) {
        this.here = here;
        this.config = config;
        this.left = here.loop().newPromise();
        this.over = here.loop().newPromise();
        this.state = new DrainState.Accepting(0);
    }

    /** Any thread. Begins at once. */
    static LoopDrain start(Drained here, DrainConfig config) {
        LoopDrain drain = new LoopDrain(here, config);
        here.loop().execute(drain::begin);
        here.loop().terminationFuture().addListener(_ -> drain.end());
        return drain;
    }

    /** Nothing is waited for any more: nobody is left, or the loop itself was ended. */
    private void end() {
        left.trySuccess(Residue.NOTHING);
        over.trySuccess(null);
    }

    /** Any thread. What was left when patience was over; nothing, if all went before. */
    Future<Residue> left() {
        return left;
    }

    /** Any thread. Comes when no tunnel is left. */
    Future<Void> over() {
        return over;
    }

    private void begin() {
        state = new DrainState.Accepting(now());
        look();
    }

    private void look() {
        boolean moved = true;
        while (moved) {
            DrainRules.Step step = DrainRules.next(config, state, seen(), now());
            moved = !step.state().equals(state);
            state = step.state();
            act(step.act());
        }
        if (state instanceof DrainState.Over) {
            end();
        } else {
            here.loop().schedule(this::look, AwakeClock.BEAT.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void act(DrainRules.Act act) {
        switch (act) {
            case DrainRules.Act.Nothing _ -> {}
            case DrainRules.Act.SayGoodbye _ -> here.leave(config.jitter());
            case DrainRules.Act.Report _ -> left.trySuccess(here.residue());
            case DrainRules.Act.Cut cut -> here.cut(cut.tunnels());
        }
    }

    private DrainRules.Seen seen() {
        return new DrainRules.Seen(here.tunnels(), here.goodbyesDue());
    }

    private long now() {
        return here.awakeNanos().getAsLong();
    }
}
