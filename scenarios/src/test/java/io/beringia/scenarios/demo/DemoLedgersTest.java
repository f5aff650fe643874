package io.beringia.scenarios.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.scenarios.drill.Expectation;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.ledger.LedgerConfig;
import io.beringia.trust.ledger.LedgerEvent;
import io.beringia.trust.ledger.LedgerEvents;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoLedgersTest {
    @TempDir
    private Path dir;

    private List<Path> folders = List.of();

    @BeforeEach
    void logs() {
        folders = Stream.of("issuance", "failover").map(dir::resolve).toList();
        folders.forEach(DemoLedgersTest::write);
    }

    private static void write(Path folder) {
        Ledger ledger = Ledger.open(
                new LedgerConfig(folder, "demo.example/beringia/east-1/" + folder.getFileName(), LedgerMode.STRICT),
                LedgerEvents.NONE,
                () -> Traffic.NONE,
                InstantSource.system());
        ledger.append(LedgerEvent.of(EntryKind.FAILOVER_DECISION));
        ledger.close();
    }

    private Expectation verified() {
        return new DemoLedgers(folders).judge().verified();
    }

    @Test
    void logs_as_they_were_written_verify() {
        assertThat(verified())
                .isEqualTo(new Expectation(
                        "ledgers verified",
                        "yes",
                        "2 logs, C1 to C5, 8 entries, 0 lost, 0 looked for at their other gateway",
                        true));
    }

    @Test
    void one_octet_that_somebody_changed_is_found() throws IOException {
        Path entries = dir.resolve("failover/log/tile/entries/000.p/4");
        byte[] octets = Files.readAllBytes(entries);
        octets[octets.length - 1] ^= 1;
        Files.write(entries, octets);

        assertThat(verified().pass()).isFalse();
        assertThat(verified().measured()).contains("/failover/");
    }

    @Test
    void a_log_that_is_missing_is_no_log_that_verifies() throws IOException {
        Files.delete(dir.resolve("issuance/log/checkpoint"));

        assertThat(verified().pass()).isFalse();
        assertThat(verified().measured()).contains("expected: a folder with a checkpoint");
    }
}
