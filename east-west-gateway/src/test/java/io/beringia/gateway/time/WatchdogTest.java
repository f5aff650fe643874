package io.beringia.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WatchdogTest {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final CountDownLatch release = new CountDownLatch(1);
    private final BlockingQueue<String> hung = new LinkedBlockingQueue<>();

    @AfterEach
    void ends() {
        release.countDown();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void block() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        group.next().execute(() -> {
            blocked.countDown();
            try {
                release.await();
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_loop_that_stands_still_is_told_by_name() throws Exception {
        try (Watchdog dog = Watchdog.start(group, "us-east/", System::nanoTime, hung::add)) {
            assertThat(dog).isNotNull();
            block();
            assertThat(hung.poll(20, TimeUnit.SECONDS)).isEqualTo("us-east/0");
        }
    }

    /** Each beat of the watchdog seems late: it was paused itself, or starved. */
    @Test
    void whoever_comes_late_itself_blames_nobody() throws Exception {
        AtomicLong beats = new AtomicLong();
        CountDownLatch many = new CountDownLatch(2 * Stall.BEATS_MAX);
        try (Watchdog dog = Watchdog.start(
                group,
                "us-east/",
                () -> {
                    many.countDown();
                    return beats.addAndGet(Duration.ofSeconds(2).toNanos());
                },
                hung::add)) {
            assertThat(dog).isNotNull();
            block();
            assertThat(many.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(hung).isEmpty();
        }
    }

    @Test
    void ten_beats_in_time_without_a_turn_are_a_hang() {
        long inTime = Stall.BEAT.toNanos();
        Stall stall = Stall.NONE;
        for (int i = 1; i < Stall.BEATS_MAX; i++) {
            stall = stall.after(false, inTime);
        }
        assertThat(stall.isHang()).isFalse();
        assertThat(stall.after(false, Duration.ofMinutes(5).toNanos()).isHang())
                .as("a pause is no beat")
                .isFalse();
        assertThat(stall.after(true, inTime).after(false, inTime).isHang()).isFalse();
        assertThat(stall.after(false, inTime).isHang()).isTrue();
    }
}
