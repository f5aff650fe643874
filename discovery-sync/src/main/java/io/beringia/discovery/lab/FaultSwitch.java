package io.beringia.discovery.lab;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** What is wrong at the moment, and what that does to requests. Any thread. */
final class FaultSwitch {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /** Longer than any lab runs. */
    private static final Duration FOREVER = Duration.ofDays(365);

    private volatile LabFault fault = new LabFault.None();

    void set(LabFault to) {
        this.fault = to;
    }

    LabFault current() {
        return fault;
    }

    Duration clockSkew() {
        return fault instanceof LabFault.ClockSkew(Duration by) ? by : Duration.ZERO;
    }

    void awaitThaw() throws InterruptedException {
        awaitWhile(FOREVER, LabFault.Freeze.class::isInstance);
    }

    /** What is answered to who asks for a list. */
    ApiRequests.Response list(String plural, ApiRequests.Response healthy) throws InterruptedException {
        return switch (fault) {
            case LabFault.EmptyLists() -> healthy.withoutItems();
            case LabFault.VersionsBackwards(long by) -> healthy.withVersionLess(by);
            case LabFault.SlowLists(Duration by) -> {
                awaitWhile(by, LabFault.SlowLists.class::isInstance);
                yield healthy;
            }
            case LabFault.SlowListsOf(String slow, Duration by) -> {
                if (slow.equals(plural)) {
                    awaitWhile(by, LabFault.SlowListsOf.class::isInstance);
                }
                yield healthy;
            }
            case LabFault.None _,
                    LabFault.FutureWatches _,
                    LabFault.Freeze _,
                    LabFault.HalfOpen _,
                    LabFault.Busy _,
                    LabFault.TruncatedAnswers _,
                    LabFault.LostEvents _,
                    LabFault.DuplicatedEvents _,
                    LabFault.ReorderedEvents _,
                    LabFault.BrokenWatches _,
                    LabFault.ClockSkew _ -> healthy;
        };
    }

    byte[] answer(byte[] whole) {
        return fault instanceof LabFault.TruncatedAnswers ? Arrays.copyOf(whole, whole.length / 2) : whole;
    }

    /** Until that is no longer so, at most that long. */
    private void awaitWhile(Duration atMost, Predicate<LabFault> holds) throws InterruptedException {
        long start = System.nanoTime();
        while (holds.test(fault) && System.nanoTime() - start < atMost.toNanos()) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException("the lab closes");
            }
        }
    }
}
