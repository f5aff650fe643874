package io.beringia.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WatchdogTest {
    private static final Pulse BLOCKED = new Pulse(false, 700);

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

    private static Stall afterTurn() {
        return Stall.NONE.after(true, Stall.BEAT.toNanos(), BLOCKED);
    }

    private static Stall beats(Stall before, int count, Pulse pulse) {
        Stall stall = before;
        for (int i = 0; i < count; i++) {
            stall = stall.after(false, Stall.BEAT.toNanos(), pulse);
        }
        return stall;
    }

    @Test
    void ten_beats_in_time_without_a_turn_are_a_hang() {
        Stall nine = beats(afterTurn(), Stall.BEATS_MAX - 1, BLOCKED);
        assertThat(nine.isHang()).isFalse();
        assertThat(nine.after(false, Duration.ofMinutes(5).toNanos(), BLOCKED).isHang())
                .as("a pause is no beat")
                .isFalse();
        assertThat(beats(nine.after(true, Stall.BEAT.toNanos(), BLOCKED), 1, BLOCKED)
                        .isHang())
                .isFalse();
        assertThat(beats(nine, 1, BLOCKED).isHang()).isTrue();
    }

    @Test
    void a_thread_that_waits_for_a_processor_does_not_hang() {
        assertThat(beats(afterTurn(), 100 * Stall.BEATS_MAX, new Pulse(true, BLOCKED.cpuMillis()))
                        .isHang())
                .isFalse();
    }

    @Test
    void a_thread_that_computes_for_five_seconds_in_one_turn_hangs() {
        long limit = BLOCKED.cpuMillis() + Stall.BUSY_MAX.toMillis();
        assertThat(beats(afterTurn(), 1, new Pulse(true, limit - 1)).isHang()).isFalse();
        assertThat(beats(afterTurn(), 1, new Pulse(true, limit)).isHang()).isTrue();
    }

    @Test
    void the_kernels_line_is_read_behind_the_threads_name() {
        String rest = "1 1 1 0 -1 4194560 0 0 0 0 40 2 0 0 20 0 9 0 1000 0 0";
        assertThat(ThreadStat.parse("77 (a) R 1 (b) R " + rest)).isEqualTo(new Pulse(true, 420));
        assertThat(ThreadStat.parse("77 (epoll) S " + rest)).isEqualTo(new Pulse(false, 420));
    }

    @Test
    void a_thread_that_is_gone_is_unknown() {
        assertThat(new ThreadStat(Path.of("/proc/self/task/0/stat")).read()).isEqualTo(Pulse.UNKNOWN);
    }

    @Test
    void a_thread_that_reads_its_own_line_is_running() {
        assertThat(ThreadStat.ofCaller().read().runnable()).isTrue();
    }
}
