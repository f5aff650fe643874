package io.beringia.trust.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.ledger.Decision;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.FolderSource;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.ledger.LedgerConfig;
import io.beringia.trust.ledger.LedgerEvent;
import io.beringia.trust.ledger.LedgerEvents;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.LedgerServer;
import io.beringia.trust.ledger.Traffic;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class LedgerCommandTest {
    private static final String CONNECTION = "aa".repeat(16);

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void write() throws IOException {
        try (Ledger ledger = Ledger.open(
                new LedgerConfig(
                        folder.resolve("ledger"), "corp.example/beringia/east-1/connections", LedgerMode.STRICT),
                LedgerEvents.NONE,
                () -> Traffic.NONE,
                InstantSource.system())) {
            LedgerEvent allow = LedgerEvent.of(EntryKind.CONNECTION)
                    .with(Decision.ALLOW)
                    .with(Field.CONNECTION, HexFormat.of().parseHex(CONNECTION))
                    .with(Field.SOURCE_ID, "spiffe://corp.example/ns/shop/sa/cart");
            ledger.append(allow);
            ledger.append(LedgerEvent.of(EntryKind.SVID_ISSUED).with(Field.SERIAL, new byte[] {0x12, 0x34}));
            ledger.append(LedgerEvent.of(EntryKind.FAILOVER_DECISION)
                    .with(Field.EPOCH, 7)
                    .with(Field.DECISION_SEQ, 12));
            Files.writeString(folder.resolve("policy.txt"), "log " + ledger.key() + "\nquorum none\n");
        }
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new LedgerCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private int verify(String... more) {
        String[] arguments = new String[more.length + 5];
        arguments[0] = "verify";
        arguments[1] = "--policy";
        arguments[2] = folder.resolve("policy.txt").toString();
        arguments[3] = "--log";
        arguments[4] = folder.resolve("ledger").toString();
        System.arraycopy(more, 0, arguments, 5, more.length);
        return run(arguments);
    }

    @Test
    void an_honest_ledger_verifies() {
        assertThat(verify()).as("exit code").isZero();
        assertThat(out.toString()).contains("LOG ", "WITNESSES", "corp.example/beringia/east-1/connections/");
        assertThat(out.toString().lines().skip(1).findFirst().orElseThrow())
                .containsPattern(" 6 +none +ok +ok +ok +- +ok");
    }

    @Test
    void a_changed_one_fails_and_the_place_is_named() throws IOException {
        Path tile;
        try (Stream<Path> files = Files.list(folder.resolve("ledger/log/tile/0/000.p"))) {
            tile = files.findFirst().orElseThrow();
        }
        byte[] octets = Files.readAllBytes(tile);
        octets[40] ^= 1;
        Files.write(tile, octets);

        assertThat(verify()).as("exit code").isEqualTo(1);
        assertThat(out.toString())
                .contains("FAIL")
                .contains("tile/0/000.p/" + tile.getFileName() + ": differs from octet 40 on");
    }

    @Test
    void a_log_behind_mutual_tls_is_read_with_an_identity() {
        ca("root", "--trust-domain", "corp.example");
        ca("intermediate", "--name", "east-1");
        Path own = folder.resolve("own");
        ca(
                "workload",
                "--name",
                "east-1",
                "--namespace",
                "audit",
                "--service-account",
                "auditor",
                "--out",
                own.toString());
        List<Path> files =
                List.of(own.resolve("workload-cert-chain.pem"), own.resolve("key.pem"), own.resolve("root-cert.pem"));
        FileCredentials credentials = FileCredentials.load(new CredentialFiles(
                files.get(0), files.get(1), Map.of(TrustDomain.parse("corp.example"), files.get(2))));
        try (LedgerServer server = LedgerServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.of(new HttpTls(credentials, new SpiffeVerifier(), InstantSource.system()).server()),
                Map.of("connections", FolderSource.of(folder.resolve("ledger"))),
                Optional.empty())) {
            String url = "https://localhost:" + server.port() + "/connections";
            String policy = folder.resolve("policy.txt").toString();
            String identity = files.get(0) + "," + files.get(1) + "," + files.get(2);
            assertThat(run("verify", "--policy", policy, "--log", url, "--identity", identity))
                    .as("%s", out)
                    .isZero();
            assertThat(run("verify", "--policy", policy, "--log", url))
                    .as("as nobody")
                    .isNotZero();
        }
    }

    private void ca(String command, String... more) {
        String[] arguments = new String[more.length + 3];
        arguments[0] = command;
        arguments[1] = "--dir";
        arguments[2] = folder.resolve("ca").toString();
        System.arraycopy(more, 0, arguments, 3, more.length);
        assertThat(new CommandLine(new CaCommand()).execute(arguments))
                .as(command)
                .isZero();
    }

    @Test
    void programs_get_json() {
        assertThat(verify("--output", "json")).isZero();

        JsonNode log = JsonMapper.shared().readTree(out.toString()).get("logs").get(0);
        assertThat(log.get("size").asLong()).isEqualTo(6);
        assertThat(log.get("findings").isEmpty()).isTrue();
    }

    @Test
    void a_proof_is_written_and_verifies_without_the_log() {
        Path proofs = folder.resolve("proofs");
        assertThat(run(
                        "prove",
                        "--log",
                        folder.resolve("ledger").toString(),
                        "--conn",
                        CONNECTION,
                        "--dir",
                        proofs.toString()))
                .isZero();
        assertThat(out.toString())
                .contains("entry-1.tlog-proof: ", "SOURCE_ID=\"spiffe://corp.example/ns/shop/sa/cart\"");

        String[] check = {
            "verify",
            "--policy",
            folder.resolve("policy.txt").toString(),
            "--proof",
            proofs.resolve("entry-1.tlog-proof").toString()
        };
        assertThat(run(check)).isZero();
        assertThat(out.toString()).startsWith("proven ").contains("CONNECTION=" + CONNECTION);
    }

    @Test
    void a_changed_proof_proves_nothing() throws IOException {
        assertThat(run(
                        "prove",
                        "--log",
                        folder.resolve("ledger").toString(),
                        "--serial",
                        "12:34",
                        "--dir",
                        folder.toString()))
                .isZero();
        Path proof = folder.resolve("entry-2.tlog-proof");
        Files.writeString(proof, Files.readString(proof).replace("index 2", "index 3"));

        assertThat(run("verify", "--policy", folder.resolve("policy.txt").toString(), "--proof", proof.toString()))
                .isEqualTo(1);
        assertThat(out.toString()).contains("NOT PROVEN", "inclusion: entry 3");
    }

    @Test
    void what_is_not_there_is_not_proven() {
        String log = folder.resolve("ledger").toString();
        assertThat(run("prove", "--log", log, "--decision", "7/12", "--dir", folder.toString()))
                .isZero();
        assertThat(run("prove", "--log", log, "--decision", "7/13", "--dir", folder.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("nothing found");
        assertThat(run("prove", "--log", log, "--decision", "seven", "--dir", folder.toString()))
                .isNotZero();
        assertThat(run("prove", "--log", log)).as("of nothing").isEqualTo(2);
        assertThat(run("verify", "--policy", folder.resolve("policy.txt").toString()))
                .isEqualTo(2);
    }
}
