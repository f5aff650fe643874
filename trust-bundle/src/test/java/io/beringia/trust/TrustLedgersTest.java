package io.beringia.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.cli.CaCommand;
import io.beringia.trust.cli.LedgerCommand;
import io.beringia.trust.client.RemoteCredentials;
import io.beringia.trust.client.RemoteSource;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.issuance.IssuanceConfig;
import io.beringia.trust.issuance.StaticToken;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.pki.Fingerprint;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The role trust with its ledger, from the files of the commands to a proof of one certificate. */
final class TrustLedgersTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final SpiffeId CART = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");
    private static final SpiffeId SERVER = SpiffeId.ofWorkload(DOMAIN, "beringia", "trust");

    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();

    @BeforeEach
    void ca() throws IOException {
        run(new CaCommand(), "root", "--dir", dir.toString(), "--trust-domain", "corp.example", "--demo");
        run(new CaCommand(), "intermediate", "--dir", dir.toString(), "--name", "us-east");
        Files.writeString(dir.resolve("token"), "cart-token");
    }

    private int run(Object command, String... arguments) {
        out.getBuffer().setLength(0);
        return new CommandLine(command).setOut(new PrintWriter(out, true)).execute(arguments);
    }

    private TrustConfig config(LedgerMode mode) {
        StaticToken token =
                new StaticToken(Fingerprint.sha256("cart-token".getBytes(StandardCharsets.US_ASCII)), CART, Set.of());
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new TrustConfig(
                        free,
                        SERVER,
                        CaFiles.in(dir.resolve("us-east")),
                        new IssuanceConfig(
                                true,
                                IssuanceConfig.DEFAULT_TTL,
                                IssuanceConfig.DEFAULT_TTL,
                                List.of(token),
                                Map.of(),
                                Optional.empty()))
                .with(new RoleLedger(dir.resolve("ledger"), mode, Optional.of(free), List.of()));
    }

    private TrustMain start(LedgerMode mode) {
        return TrustMain.start(config(mode), new SimpleMeterRegistry(), InstantSource.system());
    }

    private RemoteCredentials ask(TrustMain trust) {
        return RemoteCredentials.open(
                new RemoteSource(
                        "127.0.0.1",
                        trust.port(),
                        SERVER,
                        dir.resolve("root-cert.pem"),
                        dir.resolve("token"),
                        Duration.ofHours(1),
                        Optional.of(CART)),
                InstantSource.system(),
                renewal -> {});
    }

    @Test
    void a_certificate_that_was_issued_is_proven_and_a_refusal_is_recorded() throws IOException {
        String serial;
        try (TrustMain trust = start(LedgerMode.STRICT);
                RemoteCredentials cart = ask(trust)) {
            serial = cart.svid().leaf().getSerialNumber().toString(16);
            Files.writeString(dir.resolve("token"), "stolen");
            assertThatThrownBy(() -> ask(trust)).as("by another token").isInstanceOf(RuntimeException.class);
        }
        Path log = dir.resolve("ledger/issuance");
        Path policy = Files.writeString(
                dir.resolve("policy.txt"), "log " + Files.readString(log.resolve("log.vkey")) + "quorum none\n");

        assertThat(run(new LedgerCommand(), "verify", "--policy", policy.toString(), "--log", log.toString()))
                .as("verifies: %s", out)
                .isZero();
        assertThat(out.toString()).contains("corp.example/beringia/us-east/issuance/");
        assertThat(run(
                        new LedgerCommand(),
                        "prove",
                        "--log",
                        log.toString(),
                        "--serial",
                        serial,
                        "--dir",
                        dir.toString()))
                .as("proves")
                .isZero();
        assertThat(out.toString())
                .contains("KIND=16 ", "SOURCE_ID=\"" + CART + "\"", "REQUESTED_ID=\"" + CART + "\"", "DECISION=1 ");
        byte[] bundle = bundle(log);
        assertThat(new String(bundle, StandardCharsets.ISO_8859_1))
                .as("entries")
                .contains("unknown-token", SERVER.toString());
    }

    private static byte[] bundle(Path log) throws IOException {
        try (var files = Files.list(log.resolve("log/tile/entries/000.p"))) {
            return Files.readAllBytes(
                    files.max((a, b) -> Integer.compare(width(a), width(b))).orElseThrow());
        }
    }

    private static int width(Path file) {
        return Integer.parseInt(file.getFileName().toString());
    }

    @Test
    void a_folder_that_another_process_writes_to_stops_the_start() {
        try (TrustMain trust = start(LedgerMode.DEFAULT)) {
            assertThat(trust.awaited()).isEmpty();
            assertThatThrownBy(() -> start(LedgerMode.DEFAULT))
                    .hasMessageContaining("expected: no other process writes there");
        }
        start(LedgerMode.DEFAULT).close();
    }
}
