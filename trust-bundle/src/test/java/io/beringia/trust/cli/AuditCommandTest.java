package io.beringia.trust.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.ledger.Decision;
import io.beringia.trust.ledger.EntryKind;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.ledger.LedgerConfig;
import io.beringia.trust.ledger.LedgerEvent;
import io.beringia.trust.ledger.LedgerEvents;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.Traffic;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class AuditCommandTest {
    private static final String CROSSED = "aa".repeat(16);
    private static final String REFUSED = "bb".repeat(16);
    private static final String SERVICE = "cart.shop.svc.cluster.local";
    private static final String WEB = "spiffe://corp.example/ns/shop/sa/web";
    private static final String THIEF = "spiffe://corp.example/ns/shop/sa/thief";
    private static final Instant NOW = Instant.parse("2026-01-31T10:00:00Z");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final StringBuilder policy = new StringBuilder();

    @BeforeEach
    void write() throws IOException {
        log(
                "east-1",
                event(Decision.ALLOW, CROSSED, WEB).with(Field.PEER, "west-1/gateway-0"),
                event(Decision.CLOSE, CROSSED, WEB)
                        .with(Field.BYTES, List.of(5L, 7L))
                        .with(Field.REASON, "finished"),
                event(Decision.DENY, REFUSED, THIEF).with(Field.REASON, "not-allowed"),
                event(Decision.ALLOW, "cc".repeat(16), WEB).with(Field.AUTHORITY, "pay.shop.svc.cluster.local:80"));
        log(
                "west-1",
                event(Decision.ALLOW, CROSSED, WEB)
                        .with(Field.ACTOR, "spiffe://corp.example/ns/beringia-system/sa/gateway")
                        .with(Field.DESTINATION_ID, "spiffe://corp.example/ns/shop/sa/cart"),
                event(Decision.CLOSE, CROSSED, WEB)
                        .with(Field.BYTES, List.of(5L, 7L))
                        .with(Field.REASON, "finished"));
        Files.writeString(folder.resolve("policy.txt"), policy + "quorum none\n");
    }

    private static LedgerEvent event(Decision decision, String id, String caller) {
        return LedgerEvent.of(EntryKind.CONNECTION)
                .with(decision)
                .with(Field.CONNECTION, HexFormat.of().parseHex(id))
                .with(Field.SOURCE_ID, caller)
                .with(Field.AUTHORITY, SERVICE + ":80");
    }

    private void log(String cluster, LedgerEvent... events) {
        try (Ledger ledger = Ledger.open(
                new LedgerConfig(
                        folder.resolve(cluster),
                        "corp.example/beringia/" + cluster + "/connections",
                        LedgerMode.DEFAULT),
                LedgerEvents.NONE,
                () -> Traffic.NONE,
                () -> NOW)) {
            policy.append("log ").append(ledger.key()).append('\n');
            Arrays.stream(events).forEach(ledger::append);
        }
    }

    private int audit(String... question) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> arguments = new ArrayList<>(List.of(question));
        arguments.addAll(List.of("--policy", folder.resolve("policy.txt").toString()));
        Stream.of("east-1", "west-1")
                .forEach(log ->
                        arguments.addAll(List.of("--log", folder.resolve(log).toString())));
        return run(new AuditCommand(), arguments.toArray(String[]::new));
    }

    private int run(Object command, String... arguments) {
        return new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println(failure.getMessage());
                    return 1;
                })
                .execute(arguments);
    }

    private List<String> rows() {
        return out.toString()
                .lines()
                .map(row -> row.replaceAll(" +", " ").strip())
                .toList();
    }

    @Test
    void who_called_a_service_is_listed_once_for_all_gateways() {
        assertThat(audit("who-called", SERVICE)).as("%s", err).isZero();
        assertThat(rows())
                .startsWith(
                        "CALLER ALLOWED REFUSED OPEN BYTES UP BYTES DOWN FIRST LAST",
                        THIEF + " 0 1 0 0 0 2026-01-31T10:00:00Z 2026-01-31T10:00:00Z",
                        WEB + " 1 0 0 5 7 2026-01-31T10:00:00Z 2026-01-31T10:00:00Z",
                        "2 connections of 2 callers to " + SERVICE)
                .anySatisfy(row -> assertThat(row).startsWith("verified corp.example/beringia/east-1/connections/"))
                .anySatisfy(row -> assertThat(row).endsWith("cosigned by nobody"));
    }

    @ParameterizedTest
    @ValueSource(strings = {SERVICE + ":81", "nobody.shop.svc.cluster.local"})
    void nobody_is_an_answer(String service) {
        assertThat(audit("who-called", service)).isZero();
        assertThat(out.toString()).contains("0 connections of 0 callers to " + service);
    }

    @Test
    void only_what_was_seen_since_then_is_told() {
        assertThat(audit("who-called", SERVICE, "--since", "2026-01-31T10:00:00Z"))
                .isZero();
        assertThat(out.toString()).contains("2 connections");
        assertThat(audit("who-called", SERVICE, "--since", "2026-01-31T10:00:01Z"))
                .isZero();
        assertThat(out.toString()).contains("0 connections");
        assertThat(audit("who-called", SERVICE, "--since", "36500d")).isZero();
        assertThat(out.toString()).contains("2 connections");
        assertThat(audit("who-called", SERVICE, "--since", "yesterday")).isEqualTo(2);
        assertThat(err.toString()).contains("--since: \"yesterday\" (expected: 90m, 24h, 7d or 2026-01-31T00:00:00Z)");
    }

    @Test
    void what_became_of_a_connection_is_told_from_both_ends() {
        assertThat(audit("connection", CROSSED)).as("%s", err).isZero();
        assertThat(rows()).hasSize(7);
        assertThat(out.toString())
                .contains("allowed", "closed", WEB, SERVICE + ":80", "spiffe://corp.example/ns/shop/sa/cart")
                .contains("east-1/connections/", "west-1/connections/");
    }

    @Test
    void programs_get_the_proofs_and_everybody_can_check_them() throws IOException {
        assertThat(audit("connection", CROSSED, "--output", "json")).isZero();
        JsonNode answer = JsonMapper.shared().readTree(out.toString());
        assertThat(answer.get("entries").size()).isEqualTo(4);
        Path proof = Files.writeString(
                folder.resolve("one.tlog-proof"),
                answer.get("entries").get(0).get("proof").asString());
        assertThat(verify(proof)).as("%s", out).isZero();

        Path proofs = folder.resolve("proofs");
        assertThat(audit("who-called", SERVICE, "--output", "json", "--dir", proofs.toString()))
                .isZero();
        assertThat(JsonMapper.shared()
                        .readTree(out.toString())
                        .get("connections")
                        .size())
                .isEqualTo(2);
        try (Stream<Path> files = Files.list(proofs)) {
            assertThat(files.toList())
                    .hasSize(5)
                    .allSatisfy(file -> assertThat(verify(file)).as("%s", file).isZero());
        }
    }

    private int verify(Path proof) {
        return run(
                new LedgerCommand(),
                "verify",
                "--policy",
                folder.resolve("policy.txt").toString(),
                "--proof",
                proof.toString());
    }

    @Test
    void an_id_that_is_nowhere_or_none_is_refused() {
        assertThat(audit("connection", "ee".repeat(16))).isEqualTo(1);
        assertThat(err.toString()).contains("connection " + "ee".repeat(16) + ": in none of 2 logs");
        assertThat(out.toString()).isEmpty();
        assertThat(audit("connection", "42")).isEqualTo(2);
        assertThat(err.toString()).contains("ID: \"42\" (expected: 32 hexadecimal digits)");
    }

    @Test
    void a_log_that_was_changed_or_torn_answers_nothing() throws IOException {
        Path bundle;
        try (Stream<Path> files = Files.list(folder.resolve("west-1/log/tile/entries/000.p"))) {
            bundle = files.findFirst().orElseThrow();
        }
        byte[] good = Files.readAllBytes(bundle);
        byte[] forged = good.clone();
        forged[good.length / 2] ^= 1;
        Files.write(bundle, forged);
        assertThat(audit("connection", CROSSED)).isEqualTo(1);
        assertThat(err.toString()).contains("west-1 does not verify, C").contains("expected: a log that does");
        assertThat(out.toString()).isEmpty();

        Files.write(bundle, Arrays.copyOf(good, good.length / 2));
        assertThat(audit("who-called", SERVICE)).isEqualTo(1);
        assertThat(err.toString()).contains("west-1 does not verify, C5");

        Files.delete(folder.resolve("west-1/log/checkpoint"));
        assertThat(audit("who-called", SERVICE)).isEqualTo(1);
        assertThat(err.toString()).contains("expected: a folder with a checkpoint");
    }

    @Test
    void a_log_of_nobody_whom_the_policy_knows_answers_nothing() throws IOException {
        Files.writeString(
                folder.resolve("policy.txt"),
                policy.toString().lines().findFirst().orElseThrow() + "\nquorum none\n");
        assertThat(audit("connection", CROSSED)).isEqualTo(1);
        assertThat(err.toString()).contains("west-1 does not verify, C5 checkpoint");
    }
}
