package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.trust.ledger.FolderSource;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.LedgerVerifier;
import io.beringia.trust.ledger.LogReport;
import io.beringia.trust.ledger.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose kernel takes not one octet more into any file (RLIMIT_FSIZE), and then does again. */
final class FullDiskTest {
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final int TUNNELS = 5;

    @TempDir
    private Path dir;

    @BeforeEach
    void can_limit_files() {
        boolean there = Files.isExecutable(PRLIMIT);
        assertThat(there || System.getenv("REQUIRE_PRLIMIT") == null)
                .as(PRLIMIT + ": missing, and REQUIRE_PRLIMIT is set")
                .isTrue();
        assumeTrue(there, PRLIMIT + ": missing (expected: util-linux, to limit a process that runs)");
    }

    private static void limitFiles(GatewayChild child, String bytes) throws Exception {
        Process limit = new ProcessBuilder(
                        PRLIMIT.toString(), "--pid", Long.toString(child.pid()), "--fsize=" + bytes + ":unlimited")
                .inheritIO()
                .start();
        assertThat(limit.waitFor()).isZero();
    }

    /** Each on a connection of its own: a busy computer makes a gateway shed some. */
    private static void awaitAnswer(GatewayChild child, String status) {
        await(status).atMost(WAIT).ignoreExceptions().until(() -> {
            try (HboneClient client = child.client()) {
                Tunnel tunnel = client.open(World.AUTHORITY);
                String answer = tunnel.status();
                tunnel.finish();
                return answer.equals(status);
            }
        });
    }

    private LogReport verified() throws Exception {
        Path folder = dir.resolve("connections");
        Policy policy = Policy.parse("log " + Files.readString(folder.resolve("log.vkey")) + "quorum none\n");
        return new LedgerVerifier(policy, Optional.empty())
                .verify(List.of(FolderSource.of(folder)))
                .getFirst();
    }

    @Test
    void in_strict_mode_nothing_new_is_let_through_until_there_is_room_again() throws Exception {
        try (GatewayChild child = GatewayChild.recording(dir, LedgerMode.STRICT);
                HboneClient client = child.client()) {
            Tunnel old = client.open(World.AUTHORITY);
            assertThat(old.write("before").read(6)).isEqualTo("before");

            limitFiles(child, "0");
            awaitAnswer(child, "503");
            assertThat(old.write("while").read(5)).as("what was let through").isEqualTo("while");

            limitFiles(child, "unlimited");
            awaitAnswer(child, "200");
        }
        assertThat(verified().findings()).isEmpty();
        assertThat(verified().lost())
                .as("what was refused, and could not be written")
                .isPositive();
    }

    @Test
    void in_default_mode_all_goes_on_and_is_written_when_there_is_room_again() throws Exception {
        try (GatewayChild child = GatewayChild.recording(dir, LedgerMode.DEFAULT)) {
            awaitAnswer(child, "200");

            limitFiles(child, "0");
            for (int i = 0; i < TUNNELS; i++) {
                awaitAnswer(child, "200");
            }
            limitFiles(child, "unlimited");
        }
        LogReport report = verified();
        assertThat(report.findings()).isEmpty();
        assertThat(report.lost()).isZero();
        assertThat(report.size()).as("two entries of each").isGreaterThanOrEqualTo(2 * TUNNELS);
    }
}
