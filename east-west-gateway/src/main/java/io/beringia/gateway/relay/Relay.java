package io.beringia.gateway.relay;

import io.beringia.gateway.limits.ByteBudget;
import io.beringia.gateway.time.AwakeTimer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Joins the two ends of a tunnel. Each direction ends by itself; each end gets credit for as many bytes as the other
 * has taken, which is all the back-pressure there is. Lives on the event loop that both ends share.
 */
public final class Relay {
    /** How long bytes that were received before a normal reset may still take to leave. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    /** In a row, that found an end which took nothing of what waits for it: it is stalled. */
    public static final int STALLED_LOOKS = 6;

    private final EventLoop loop;
    private final LongSupplier awakeNanos;
    private final ByteBudget budget;
    private final Direction up;
    private final Direction down;
    private final Consumer<Tally> whenDone;
    private boolean done;

    private Relay(
            EventLoop loop,
            LongSupplier awakeNanos,
            ByteBudget budget,
            RelayEnd downstream,
            RelayEnd upstream,
            Consumer<Tally> whenDone) {
        this.loop = loop;
        this.awakeNanos = awakeNanos;
        this.budget = budget;
        this.up = new Direction(downstream, upstream);
        this.down = new Direction(upstream, downstream);
        this.whenDone = whenDone;
    }

    /**
     * A relay that has not begun.
     *
     * @param awakeNanos the loop's own awake clock
     * @param budget of the process, for bytes that one end has delivered and the other not taken
     * @param downstream the end that asked
     * @param upstream the end that was dialled
     * @param whenDone called once, on the loop, after both directions have ended
     */
    public static Relay of(
            EventLoop loop,
            LongSupplier awakeNanos,
            ByteBudget budget,
            RelayEnd downstream,
            RelayEnd upstream,
            Consumer<Tally> whenDone) {
        return new Relay(loop, awakeNanos, budget, downstream, upstream, whenDone);
    }

    /** Begins to carry bytes. */
    public void start() {
        assert loop.inEventLoop();
        up.source.start(up);
        if (!done) {
            down.source.start(down);
        }
    }

    /** Cuts both ends off. */
    public void reset(Reset why) {
        assert loop.inEventLoop();
        if (!done) {
            up.source.reset(why);
            down.source.reset(why);
            end(new Ending.Cut(why));
        }
    }

    /**
     * To be called now and then: cuts a tunnel that is stalled while the process holds too much. As long as nobody needs the
     * room, an end may take its time.
     */
    public void look() {
        assert loop.inEventLoop();
        boolean isUpStalled = up.isStalled();
        boolean isDownStalled = down.isStalled();
        if ((isUpStalled || isDownStalled) && !done && budget.isPressed()) {
            budget.cut();
            reset(Reset.CANCEL);
        }
    }

    /** Bytes carried so far. */
    public Tally tally() {
        return tally(new Ending.Running());
    }

    private void end(Ending how) {
        if (!done) {
            done = true;
            whenDone.accept(tally(how));
        }
    }

    private Tally tally(Ending how) {
        Optional<Duration> firstByte = up.firstNanos.flatMap(
                asked -> down.firstNanos.map(answered -> Duration.ofNanos(Math.max(0, answered - asked))));
        return new Tally(up.bytes, down.bytes, firstByte, how);
    }

    /**
     * What a tunnel carried, and how it ended.
     *
     * @param bytesUp from the end that asked, bytes
     * @param bytesDown to the end that asked, bytes
     * @param firstByte from the first byte up to the first byte down, zero where the dialled side spoke first; empty where
     *     one side has said nothing
     */
    public record Tally(long bytesUp, long bytesDown, Optional<Duration> firstByte, Ending ending) {}

    /** How a tunnel ended. */
    public sealed interface Ending {
        record Running() implements Ending {}

        /** Both sides said that they write no more. */
        record Finished() implements Ending {}

        /** The side that asked cut it off, or was lost. */
        record ResetByDownstream(Reset why) implements Ending {}

        /** The side that was dialled cut it off, or was lost. */
        record ResetByUpstream(Reset why) implements Ending {}

        /** We cut it off. */
        record Cut(Reset why) implements Ending {}

        /** Whether neither who asked ended it, nor both sides in order. */
        default boolean isAbort() {
            return switch (this) {
                case Running _, Finished _, ResetByDownstream _ -> false;
                case ResetByUpstream by -> !by.why().isQuiet();
                case Cut _ -> true;
            };
        }

        /** As it stands in logs and metric tags. */
        default String word() {
            return switch (this) {
                case Running _ -> "running";
                case Finished _ -> "finished";
                case ResetByDownstream by -> "downstream-" + by.why().word();
                case ResetByUpstream by -> "upstream-" + by.why().word();
                case Cut by -> "cut-" + by.why().word();
            };
        }
    }

    /** One way of the two. Lives on the loop of its relay. */
    private final class Direction implements RelayEnd.Events {
        private final RelayEnd source;
        private final RelayEnd target;
        private Optional<Long> firstNanos = Optional.empty();
        private long bytes;
        private long bytesUnderWay;
        private long takenBefore;
        private int looks;
        private boolean finished;
        private boolean resetting;
        private Reset pendingReset = Reset.NO_ERROR;

        private Direction(RelayEnd source, RelayEnd target) {
            this.source = source;
            this.target = target;
        }

        @Override
        public void onBytes(ByteBuf buffer) {
            assert loop.inEventLoop();
            if (done) {
                buffer.release();
                return;
            }
            int size = buffer.readableBytes();
            if (bytes == 0) {
                firstNanos = Optional.of(awakeNanos.getAsLong());
            }
            bytes += size;
            bytesUnderWay += size;
            budget.hold(size);
            target.write(buffer).addListener(written -> onWritten(size, written));
            if (!budget.admits(bytesUnderWay)) {
                relieve();
            }
        }

        private boolean isStalled() {
            long taken = bytes - bytesUnderWay;
            looks = bytesUnderWay > 0 && taken == takenBefore ? looks + 1 : 0;
            takenBefore = taken;
            return looks >= STALLED_LOOKS;
        }

        /** Only an end that takes nothing is to blame, and its tunnel is cut only where the source cannot be held back. */
        private void relieve() {
            target.flush();
            if (!done && !budget.admits(bytesUnderWay) && !source.pause()) {
                budget.cut();
                reset(Reset.CANCEL);
            }
        }

        private void onWritten(int size, Future<?> written) {
            bytesUnderWay -= size;
            budget.release(size);
            if (done) {
                return;
            }
            if (!written.isSuccess()) {
                targetLost();
            } else if (resetting) {
                passOnWhenEmpty(pendingReset);
            } else {
                source.credit(size);
                endWhenBothFinished();
            }
        }

        @Override
        public void onReadComplete() {
            if (!done) {
                target.flush();
            }
        }

        @Override
        public void onFinished() {
            assert loop.inEventLoop();
            if (done) {
                return;
            }
            finished = true;
            target.finish();
            endWhenBothFinished();
        }

        private void endWhenBothFinished() {
            if (up.isOver() && down.isOver()) {
                end(new Ending.Finished());
            }
        }

        private boolean isOver() {
            return finished && bytesUnderWay == 0;
        }

        /** Bytes could not be written, and the end itself has not said why. */
        private void targetLost() {
            source.reset(Reset.CONNECT_ERROR);
            end(
                    this == up
                            ? new Ending.ResetByUpstream(Reset.CONNECT_ERROR)
                            : new Ending.ResetByDownstream(Reset.CONNECT_ERROR));
        }

        /** A normal end must not cost bytes that are already here; everything else is passed on at once. */
        @Override
        public void onReset(Reset why) {
            assert loop.inEventLoop();
            if (done) {
                return;
            }
            if (why.isQuiet() && bytesUnderWay > 0 && !resetting) {
                resetting = true;
                pendingReset = why;
                target.flush();
                AwakeTimer.start(loop, awakeNanos, LINGER, () -> passOn(why));
            } else {
                passOn(why);
            }
        }

        private void passOnWhenEmpty(Reset why) {
            if (bytesUnderWay == 0) {
                passOn(why);
            }
        }

        private void passOn(Reset why) {
            if (!done) {
                target.reset(why);
                end(this == up ? new Ending.ResetByDownstream(why) : new Ending.ResetByUpstream(why));
            }
        }
    }
}
