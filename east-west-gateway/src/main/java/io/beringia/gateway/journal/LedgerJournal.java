package io.beringia.gateway.journal;

import io.beringia.gateway.time.AwakeTimer;
import io.beringia.trust.ledger.LedgerEvent;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.WriteResult;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Writes into a ledger. In strict mode a client hears of its tunnel when the entry lasts; in default mode at once. Any
 * event loop.
 */
public final class LedgerJournal implements TunnelJournal {
    /** A sync takes milliseconds. Whoever waits for us tries another gateway after three seconds. */
    static final Duration RECORD_MAX = Duration.ofSeconds(1);

    private final Appending ledger;
    private final LedgerMode mode;

    /** The door of a {@link io.beringia.trust.ledger.Ledger}, which promises the same. */
    @FunctionalInterface
    public interface Appending {
        void append(LedgerEvent event, Consumer<WriteResult> whenDone);
    }

    public LedgerJournal(Appending ledger, LedgerMode mode) {
        this.ledger = ledger;
        this.mode = mode;
    }

    @Override
    public void allowed(
            Supplier<TunnelFacts> tunnel, EventLoop loop, LongSupplier awakeNanos, Consumer<Recorded> then) {
        switch (mode) {
            case DEFAULT -> {
                append(tunnel.get().allowed());
                then.accept(Recorded.ENOUGH);
            }
            case STRICT -> {
                Waiting waiting = new Waiting(loop, awakeNanos, then);
                ledger.append(tunnel.get().allowed(), waiting::onWritten);
            }
        }
    }

    @Override
    public void denied(Supplier<TunnelFacts> tunnel, String reason) {
        append(tunnel.get().denied(reason));
    }

    @Override
    public void closed(Supplier<TunnelFacts> tunnel, long bytesUp, long bytesDown, String ending) {
        append(tunnel.get().closed(bytesUp, bytesDown, ending));
    }

    /** What is lost is counted by the ledger, in itself. */
    private void append(LedgerEvent event) {
        ledger.append(event, result -> {});
    }

    /** One tunnel whose client waits for its entry. Lives on its loop; told of the entry on the ledger's thread. */
    private static final class Waiting {
        private final EventLoop loop;
        private final AwakeTimer deadline;
        private Optional<Consumer<Recorded>> then;

        private Waiting(EventLoop loop, LongSupplier awakeNanos, Consumer<Recorded> then) {
            this.loop = loop;
            this.then = Optional.of(then);
            this.deadline = AwakeTimer.start(loop, awakeNanos, RECORD_MAX, () -> tell(Recorded.LATE));
        }

        private void onWritten(WriteResult result) {
            Recorded recorded = result instanceof WriteResult.Written ? Recorded.ENOUGH : Recorded.NOWHERE;
            try {
                loop.execute(() -> tell(recorded));
            } catch (RejectedExecutionException ended) {
                // With the loop went every tunnel on it: nobody waits any more.
            }
        }

        private void tell(Recorded recorded) {
            deadline.cancel();
            Optional<Consumer<Recorded>> waits = then;
            then = Optional.empty();
            waits.ifPresent(it -> it.accept(recorded));
        }
    }
}
