package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Hop;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.outbound.DialFailure;
import io.beringia.gateway.time.AwakeTimer;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Addresses of workloads that are known by hostname only, as a resolver has them. Any thread. */
final class HopNames implements AutoCloseable {
    /** A resolver may hold its thread for half a minute, whoever still waits; these are all that it can hold. */
    private static final int THREADS = 4;
    /** Questions that wait for a thread: more would be over their deadline before their turn. */
    private static final int WAITING_MAX = 256;

    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Resolver resolver;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().daemon().name("resolve-", 0).factory());

    HopNames(Resolver resolver) {
        this.resolver = resolver;
        threads.allowCoreThreadTimeOut(true);
    }

    /** As the system has them. */
    HopNames() {
        this(InetAddress::getAllByName);
    }

    /** May block. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] lookUp(String hostname) throws UnknownHostException;
    }

    /** Who asks; exactly one of these is called, once, on its loop. */
    interface Answer {
        void onFound(SocketAddress address);

        void onFailed(DialFailure why);
    }

    /**
     * Who waits, and for how long, in the loop's awake time.
     *
     * @param v6 family of the caller: of several addresses a random one of that, if there is one
     */
    record Caller(EventLoop loop, LongSupplier awakeNanos, RandomGenerator random, boolean v6, Duration patience) {}

    void resolve(Hop.Named hop, Caller caller, Answer answer) {
        Question question = new Question(hop, caller, answer);
        try {
            threads.execute(() -> {
                List<IpAddress> found = lookUp(hop.hostname());
                caller.loop().execute(() -> question.onAddresses(found));
            });
        } catch (RejectedExecutionException busy) {
            question.fail(new DialFailure.Refused(hop + ": resolver busy"));
        }
    }

    private List<IpAddress> lookUp(String hostname) {
        try {
            return Arrays.stream(resolver.lookUp(hostname))
                    .map(address -> IpAddress.of(address.getAddress()))
                    .toList();
        } catch (UnknownHostException unknown) {
            return List.of();
        }
    }

    /** Lives on its caller's loop. */
    private static final class Question {
        private final Hop.Named hop;
        private final Caller caller;
        private final Answer answer;
        private final AwakeTimer deadline;
        private boolean over;

        Question(Hop.Named hop, Caller caller, Answer answer) {
            this.hop = hop;
            this.caller = caller;
            this.answer = answer;
            this.deadline = AwakeTimer.start(
                    caller.loop(), caller.awakeNanos(), caller.patience(), () -> fail(new DialFailure.TimedOut()));
        }

        void onAddresses(List<IpAddress> found) {
            List<IpAddress> ofFamily =
                    found.stream().filter(ip -> ip.isV6() == caller.v6()).toList();
            List<IpAddress> from = ofFamily.isEmpty() ? found : ofFamily;
            if (from.isEmpty()) {
                fail(new DialFailure.Refused(hop + ": no address"));
            } else if (!over) {
                end();
                answer.onFound(new SocketAddress(from.get(caller.random().nextInt(from.size())), hop.port()));
            }
        }

        void fail(DialFailure why) {
            if (!over) {
                end();
                answer.onFailed(why);
            }
        }

        private void end() {
            over = true;
            deadline.cancel();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
