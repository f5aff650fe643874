package io.beringia.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.limits.ByteBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One relay between two ends that do what the test says, on a loop whose time the test turns. */
final class RelayTest {
    private static final Reset STREAM_CLOSED = new Reset(0x5);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicLong awake = new AtomicLong();
    private final End client = new End();
    private final End backend = new End();
    private final List<Relay.Tally> endings = new ArrayList<>();
    private final AtomicLong shed = new AtomicLong();
    /** A tunnel alone may hold 100 bytes one way. */
    private final ByteBudget budget = new ByteBudget(900, shed::incrementAndGet);

    private final Relay relay = Relay.of(channel.eventLoop(), awake::get, budget, client, backend, endings::add);

    @BeforeEach
    void starts() {
        channel.freezeTime();
        relay.start();
    }

    @AfterEach
    void ends() {
        channel.finishAndReleaseAll();
    }

    /** Writes stay under way until the test lets them go. */
    private final class End implements RelayEnd {
        final List<ChannelPromise> underWay = new ArrayList<>();
        final List<Reset> resets = new ArrayList<>();
        int credited;
        boolean pausable;
        boolean takesOnFlush;
        int pauses;
        private Optional<Events> events = Optional.empty();

        Events events() {
            return events.orElseThrow();
        }

        void says(String text) {
            events().onBytes(Unpooled.copiedBuffer(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        }

        void writesLeave() {
            List<ChannelPromise> leaving = List.copyOf(underWay);
            underWay.clear();
            leaving.forEach(ChannelPromise::setSuccess);
        }

        @Override
        public void start(Events them) {
            events = Optional.of(them);
        }

        @Override
        public boolean pause() {
            pauses += pausable ? 1 : 0;
            return pausable;
        }

        @Override
        public ChannelFuture write(ByteBuf bytes) {
            bytes.release();
            ChannelPromise promise = channel.newPromise();
            underWay.add(promise);
            return promise;
        }

        @Override
        public void flush() {
            if (takesOnFlush) {
                writesLeave();
            }
        }

        @Override
        public void finish() {}

        @Override
        public void reset(Reset why) {
            resets.add(why);
        }

        @Override
        public void credit(int bytes) {
            credited += bytes;
        }
    }

    private void pass(Duration wall) {
        channel.advanceTimeBy(wall.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void credit_comes_back_when_the_other_side_has_taken_the_bytes() {
        client.says("hello");
        assertThat(client.credited).isZero();
        backend.writesLeave();
        assertThat(client.credited).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0, 0x8})
    void a_normal_reset_waits_for_bytes_under_way(long code) {
        backend.says("the last of it");
        backend.events().onReset(new Reset(code));
        assertThat(client.resets).isEmpty();
        client.writesLeave();
        assertThat(client.resets).containsExactly(new Reset(code));
    }

    @Test
    void it_waits_five_seconds_of_our_awake_time() {
        backend.says("the last of it");
        backend.events().onReset(Reset.CANCEL);
        pass(Duration.ofMinutes(1));
        assertThat(client.resets).as("all of it slept through").isEmpty();
        awake.set(Duration.ofSeconds(5).toNanos());
        pass(Duration.ofSeconds(5));
        assertThat(client.resets).containsExactly(Reset.CANCEL);
    }

    @ParameterizedTest
    @CsvSource({"0x1", "0x2", "0x5", "0x7", "0xa", "0xb", "0xffffffff"})
    void every_other_code_is_passed_on_at_once_and_unchanged_in_both_directions(String code) {
        Reset why = new Reset(Long.decode(code));
        backend.says("lost");
        backend.events().onReset(why);
        assertThat(client.resets).containsExactly(why);
        assertThat(endings)
                .singleElement()
                .satisfies(tally -> assertThat(tally.ending()).isEqualTo(new Relay.Ending.ResetByUpstream(why)));
    }

    @ParameterizedTest
    @CsvSource({"0x0", "0x2", "0x5", "0x8", "0xa"})
    void a_client_passes_its_code_to_the_side_that_was_dialled(String code) {
        Reset why = new Reset(Long.decode(code));
        client.events().onReset(why);
        assertThat(backend.resets).containsExactly(why);
        assertThat(endings)
                .singleElement()
                .satisfies(tally -> assertThat(tally.ending()).isEqualTo(new Relay.Ending.ResetByDownstream(why)));
    }

    @Test
    void a_write_that_fails_is_a_connect_error_for_the_side_that_sent_it() {
        client.says("into the void");
        backend.underWay.getFirst().setFailure(new java.io.IOException("broken pipe"));
        assertThat(client.resets).containsExactly(Reset.CONNECT_ERROR);
    }

    @Test
    void what_we_decide_is_the_same_code_for_both_and_happens_once() {
        relay.reset(Reset.CANCEL);
        relay.reset(STREAM_CLOSED);
        assertThat(client.resets).containsExactly(Reset.CANCEL);
        assertThat(backend.resets).containsExactly(Reset.CANCEL);
        assertThat(endings)
                .singleElement()
                .satisfies(tally -> assertThat(tally.ending().word()).isEqualTo("cut-cancel"));
    }

    @Test
    void a_side_that_cannot_be_held_back_is_cut_when_it_holds_more_than_its_part() {
        client.says("x".repeat(100));
        assertThat(client.resets).as("all it may hold").isEmpty();
        client.says("y");
        assertThat(client.resets).containsExactly(Reset.CANCEL);
        assertThat(backend.resets).containsExactly(Reset.CANCEL);
        assertThat(shed).hasValue(1);
        assertThat(budget.heldBytes()).as("not gone before it has left").isEqualTo(101);
        backend.writesLeave();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void a_side_that_can_wait_waits() {
        client.pausable = true;
        client.says("x".repeat(101));
        assertThat(client.pauses).isEqualTo(1);
        assertThat(client.resets).isEmpty();
        assertThat(shed).hasValue(0);
    }

    @Test
    void a_burst_that_the_other_side_takes_is_no_stall() {
        backend.takesOnFlush = true;
        for (int i = 0; i < 100; i++) {
            client.says("x".repeat(99));
        }
        assertThat(client.resets).isEmpty();
        assertThat(client.credited).isGreaterThanOrEqualTo(98 * 99);
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            relay.look();
        }
    }

    @Test
    void a_side_that_takes_nothing_is_left_alone_until_the_room_is_needed() {
        backend.says("x");
        look(10 * Relay.STALLED_LOOKS);
        assertThat(client.resets).isEmpty();
        budget.hold(450);
        look(1);
        assertThat(client.resets).containsExactly(Reset.CANCEL);
        assertThat(backend.resets).containsExactly(Reset.CANCEL);
        assertThat(shed).hasValue(1);
    }

    @Test
    void a_side_that_takes_something_between_two_looks_is_not_stalled_and_neither_is_one_with_nothing_to_take() {
        budget.hold(800);
        look(10 * Relay.STALLED_LOOKS);
        for (int i = 0; i < 10 * Relay.STALLED_LOOKS; i++) {
            backend.says("x");
            backend.says("y");
            client.underWay.removeFirst().setSuccess();
            look(1);
            client.writesLeave();
        }
        assertThat(client.resets).isEmpty();
    }

    @Test
    void bytes_of_a_tunnel_that_is_over_are_held_until_they_have_left() {
        client.says("hello");
        relay.reset(Reset.CANCEL);
        assertThat(budget.heldBytes()).isEqualTo(5);
        backend.writesLeave();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void the_first_byte_down_is_timed_from_the_first_byte_up() {
        client.says("ask");
        awake.addAndGet(5_000_000);
        backend.says("answer");
        awake.addAndGet(5_000_000);
        client.says("ask again");
        backend.says("answer again");
        assertThat(relay.tally().firstByte()).contains(Duration.ofMillis(5));
    }

    @Test
    void who_is_greeted_has_waited_for_nothing_and_silence_is_not_timed() {
        backend.says("welcome");
        assertThat(relay.tally().firstByte()).isEmpty();
        awake.addAndGet(5_000_000);
        client.says("thanks");
        assertThat(relay.tally().firstByte()).contains(Duration.ZERO);
    }

    @Test
    void an_abort_is_an_end_that_neither_who_asked_nor_good_order_made() {
        assertThat(Stream.of(
                        new Relay.Ending.Running(),
                        new Relay.Ending.Finished(),
                        new Relay.Ending.ResetByDownstream(Reset.CONNECT_ERROR),
                        new Relay.Ending.ResetByUpstream(Reset.CANCEL)))
                .noneMatch(Relay.Ending::isAbort);
        assertThat(Stream.of(new Relay.Ending.ResetByUpstream(Reset.CONNECT_ERROR), new Relay.Ending.Cut(Reset.CANCEL)))
                .allMatch(Relay.Ending::isAbort);
    }
}
