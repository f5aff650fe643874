package io.beringia.gateway.time;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells when an event loop has not turned for a second of this watcher's own life. A process that hangs keeps its
 * connections and answers nobody; one that ends is noticed at once. A platform thread of its own owns everything here:
 * virtual ones could hang with the rest.
 */
public final class Watchdog implements AutoCloseable {
    private final LongSupplier nanoTime;
    private final Consumer<String> onHang;
    private final List<Watched> watched = new ArrayList<>();
    private final Thread thread;

    /** One loop. Owned by the watchdog's thread, except for its flag. */
    private static final class Watched {
        private final EventLoop loop;
        private final String name;
        private final AtomicBoolean turned = new AtomicBoolean();
        private Stall stall = Stall.NONE;
        private boolean asked;

        private Watched(EventLoop loop, String name) {
            this.loop = loop;
            this.name = name;
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
        boolean turned = one.turned.getAndSet(false);
        one.stall = one.stall.after(turned || !one.asked, gapNanos);
        if (turned || !one.asked) {
            one.asked = true;
            one.loop.execute(() -> one.turned.set(true));
        }
        return one.stall.isHang();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
