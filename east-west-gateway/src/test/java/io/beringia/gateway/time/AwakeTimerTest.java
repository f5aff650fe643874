package io.beringia.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A loop that runs in real time, and an awake clock that the test turns. */
final class AwakeTimerTest {
    private static final Duration AFTER = Duration.ofMillis(20);

    private final EventLoop loop = new DefaultEventLoop();
    private final AtomicLong awake = new AtomicLong();
    private final CountDownLatch happened = new CountDownLatch(1);

    @AfterEach
    void ends() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private AwakeTimer start() throws Exception {
        return loop.submit(() -> AwakeTimer.start(loop, awake::get, AFTER, happened::countDown))
                .get();
    }

    /** A task of this loop that was due later than the timer has run. */
    private void letTheLoopPassIt() throws Exception {
        loop.schedule(() -> {}, 2 * AFTER.toMillis(), TimeUnit.MILLISECONDS).get();
    }

    @Test
    void what_is_due_by_the_wall_alone_waits_for_the_rest_of_its_time() throws Exception {
        start();
        letTheLoopPassIt();
        assertThat(happened.getCount()).isEqualTo(1);
        awake.set(AFTER.toNanos());
        assertThat(happened.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_cancelled_one_never_happens() throws Exception {
        AwakeTimer timer = start();
        loop.submit(timer::cancel).get();
        awake.set(AFTER.toNanos());
        letTheLoopPassIt();
        assertThat(happened.getCount()).isEqualTo(1);
    }
}
