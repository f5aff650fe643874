package io.beringia.gateway.drain;

import io.beringia.gateway.inbound.Residue;
import io.beringia.gateway.inbound.TunnelLoop;
import java.util.Collection;
import java.util.List;

/** The way out of a whole gateway: that of each of its event loops. Any thread. */
public final class Drain {
    private final List<LoopDrain> loops;

    private Drain(List<LoopDrain> loops) {
        this.loops = List.copyOf(loops);
    }

    /** Begins at once. */
    public static Drain start(Collection<TunnelLoop> loops, DrainConfig config) {
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
