package io.beringia.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.Hash;
import io.beringia.trust.ledger.LedgerEvent;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.WriteResult;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LedgerJournalTest {
    private static final TunnelFacts TUNNEL = new TunnelFacts(
            new PeerVerdict.Verified(
                    SpiffeId.parse("spiffe://cluster.local/ns/demo/sa/client"),
                    Optional.empty(),
                    "aa".repeat(32),
                    "bb".repeat(32),
                    3,
                    Instant.EPOCH),
            Optional.empty(),
            "cc".repeat(16),
            7,
            Optional.empty());

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<LedgerEvent> events = new ArrayList<>();
    private final List<Consumer<WriteResult>> waiting = new ArrayList<>();
    private final List<Recorded> told = new ArrayList<>();
    private long awakeNanos;

    LedgerJournalTest() {
        channel.freezeTime();
    }

    @AfterEach
    void ends() {
        channel.finishAndReleaseAll();
    }

    private TunnelJournal journal(LedgerMode mode) {
        return new LedgerJournal(
                (event, whenDone) -> {
                    events.add(event);
                    waiting.add(whenDone);
                },
                mode);
    }

    private void allow(LedgerMode mode) {
        journal(mode).allowed(() -> TUNNEL, channel.eventLoop(), () -> awakeNanos, told::add);
    }

    private void answer(WriteResult result) {
        waiting.getFirst().accept(result);
        channel.runPendingTasks();
    }

    private void pass(Duration time) {
        awakeNanos += time.toNanos();
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void in_default_mode_nobody_waits() {
        allow(LedgerMode.DEFAULT);

        assertThat(told).containsExactly(Recorded.ENOUGH);
        assertThat(events).extracting(LedgerEvent::kind).containsExactly(EntryKind.CONNECTION);
    }

    @Test
    void in_strict_mode_a_client_waits_until_its_entry_lasts() {
        allow(LedgerMode.STRICT);
        pass(LedgerJournal.RECORD_MAX.minusMillis(1));
        assertThat(told).isEmpty();

        waiting.getFirst().accept(new WriteResult.Written("log", 1, hash()));
        assertThat(told).as("on the ledger's own thread").isEmpty();
        channel.runPendingTasks();
        pass(LedgerJournal.RECORD_MAX);
        assertThat(told).containsExactly(Recorded.ENOUGH);
    }

    private static Hash hash() {
        return Hash.of(new byte[Hash.LENGTH]);
    }

    @Test
    void in_strict_mode_what_is_written_nowhere_is_not_let_through() {
        allow(LedgerMode.STRICT);
        answer(new WriteResult.NotWritten("disk: full"));

        assertThat(told).containsExactly(Recorded.NOWHERE);
    }

    @Test
    void in_strict_mode_nobody_waits_longer_than_a_second_and_a_late_answer_says_nothing_more() {
        allow(LedgerMode.STRICT);
        pass(LedgerJournal.RECORD_MAX);
        assertThat(told).containsExactly(Recorded.LATE);

        answer(new WriteResult.Written("log", 1, hash()));
        assertThat(told).containsExactly(Recorded.LATE);
    }
}
