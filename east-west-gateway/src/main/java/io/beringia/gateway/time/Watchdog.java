package io.beringia.gateway.time;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells when an event loop has been blocked for a second of this watcher's own life, or has computed for five in one
 * turn. A process that hangs keeps its connections and answers nobody; one that ends is noticed at once. A loop is
 * watched since its first turn. A platform thread of its own owns everything here: virtual ones could hang with the rest.
 */
public final class Watchdog implements AutoCloseable {
    private final LongSupplier nanoTime;
    private final Consumer<String> onHang;
    private final List<Watched> watched = new ArrayList<>();
    private final Thread thread;

    /** One loop. Owned by the watchdog's thread, except for what the loop says. */
    private static final class Watched {
        private final EventLoop loop;
        private final String name;
        private final AtomicReference<@Nullable ThreadStat> turn = new AtomicReference<>();
        private @Nullable ThreadStat thread;
        private Stall stall = Stall.NONE;

        private Watched(EventLoop loop, String name) {
            this.loop = loop;
            this.name = name;
        }

        private void ask() {
            ThreadStat known = thread;
            loop.execute(() -> turn.set(known != null ? known : ThreadStat.ofCaller()));
        }
    }

    private Watchdog(EventLoopGroup group, String name, LongSupplier nanoTime, Consumer<String> onHang) {
        this.nanoTime = nanoTime;
        this.onHang = onHang;
        for (EventExecutor loop : group) {
            watched.add(new Watched((EventLoop) loop, name + watched.size()));
        }
        this.thread = Thread.ofPlatform().daemon().name(name + "watchdog").unstarted(this::run);
    }

    /**
     * Starts watching.
     *
     * @param name of the loops, before their number
     * @param onHang gets the name of a loop that hangs, once; called on the watchdog's thread
     */
    public static Watchdog start(EventLoopGroup group, String name, LongSupplier nanoTime, Consumer<String> onHang) {
        Watchdog dog = new Watchdog(group, name, nanoTime, onHang);
        dog.watched.forEach(Watched::ask);
        dog.thread.start();
        return dog;
    }

    private void run() {
        long before = nanoTime.getAsLong();
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(Stall.BEAT.toNanos());
                long now = nanoTime.getAsLong();
                for (Watched one : watched) {
                    if (one.loop.isShuttingDown()) {
                        return;
                    }
                    if (isHanging(one, now - before)) {
                        onHang.accept(one.name);
                        return;
                    }
                }
                before = now;
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** At most one question waits in a loop. */
    private static boolean isHanging(Watched one, long gapNanos) {
        ThreadStat turn = one.turn.getAndSet(null);
        if (turn != null) {
            one.thread = turn;
            one.ask();
        }
        if (one.thread != null) {
            one.stall = one.stall.after(turn != null, gapNanos, one.thread.read());
        }
        return one.stall.isHang();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
