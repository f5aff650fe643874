package io.beringia.gateway.drain;

import java.util.Collection;
import java.util.List;

/** The way out of a whole process: that of each of its event loops. Any thread. */
public final class Drain {
    private final List<LoopDrain> loops;

    private Drain(List<LoopDrain> loops) {
        this.loops = List.copyOf(loops);
    }

    /** Begins at once. */
    public static Drain start(Collection<? extends Drained> loops, DrainConfig config) {
        return new Drain(
                loops.stream().map(here -> LoopDrain.start(here, config)).toList());
    }

    /** Waits until everybody has gone or patience is over; what is left then is about to be reset. */
    public Residue awaitLeft() throws InterruptedException {
        Residue left = Residue.NOTHING;
        for (LoopDrain loop : loops) {
            left = left.plus(loop.left().sync().getNow());
        }
        return left;
    }

    /** Waits until nothing is left. */
    public void awaitOver() throws InterruptedException {
        for (LoopDrain loop : loops) {
            loop.over().sync();
        }
    }
}
