package io.beringia.trust.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What we write, verified by another implementation: src/test/go/ledgercheck. Needs Go and its modules; without them it
 * says so, and with REQUIRE_GO=1 it fails.
 */
final class IndependentCheckTest {
    private static final Path SOURCE = Path.of("src/test/go/ledgercheck");
    private static final long MINUTES_MAX = 5;

    @TempDir
    private static Path folder;

    /** The checker's answer. */
    private record Answer(int status, String text) {}

    @BeforeAll
    static void build() throws Exception {
        Answer built;
        try {
            built = run(
                    SOURCE, "go", "build", "-o", folder.resolve("ledgercheck").toString(), ".");
        } catch (IOException noGo) {
            built = new Answer(1, String.valueOf(noGo.getMessage()));
        }
        if (built.status() != 0 && "1".equals(System.getenv("REQUIRE_GO"))) {
            fail("no independent verifier: " + built.text());
        }
        if (built.status() != 0) {
            abort("no independent verifier, nothing was checked: " + built.text());
        }
    }

    private static Answer run(Path where, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("GOTOOLCHAIN", "local");
        Process process = builder.start();
        if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            return new Answer(-1, "no answer in " + MINUTES_MAX + " minutes");
        }
        return new Answer(process.exitValue(), Files.readString(output).strip());
    }

    private static Answer check(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = folder.resolve("ledgercheck").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return run(folder, command);
    }

    @Test
    void a_ledger_verifies_entry_by_entry_and_not_with_a_changed_octet() throws Exception {
        Path dir = folder.resolve("ledger");
        NoteKey key;
        try (Ledger ledger = Ledger.open(
                new LedgerConfig(dir, "corp.example/beringia/east-1/issuance", LedgerMode.DEFAULT),
                LedgerEvents.NONE,
                () -> Traffic.NONE,
                InstantSource.system())) {
            key = ledger.key();
            for (int i = 0; i < 700; i++) {
                ledger.append(LedgerEvent.of(EntryKind.SVID_ISSUED)
                        .with(Decision.ALLOW)
                        .with(Field.REASON, "n" + i));
            }
        }
        Path served = dir.resolve("log");
        assertThat(check("log", served.toString(), key.toString()).text()).matches("verified 70[2-9]");

        Path bundle = served.resolve("tile/entries/001");
        byte[] octets = Files.readAllBytes(bundle);
        octets[100] ^= 1;
        Files.write(bundle, octets);
        assertThat(check("log", served.toString(), key.toString()).status())
                .as("changed")
                .isEqualTo(1);
    }

    @Test
    void a_proof_with_a_cosignature_is_accepted() throws Exception {
        SmallLog log = new SmallLog("corp.example/beringia/east-1/connections").add(LedgerEvent.of(EntryKind.BOOT));
        for (int i = 0; i < 300; i++) {
            log.add(LedgerEvent.of(EntryKind.CONNECTION).with(Decision.ALLOW));
        }
        NoteSigner witness = NoteSigner.generate(
                "corp.example/beringia/west-1/witness", NoteKey.Type.COSIGNATURE, new SecureRandom());
        LedgerProof proof = LedgerProver.of(log.publish())
                .prove(entry -> entry.seq() == 270)
                .getFirst();
        SignedNote cosigned = proof.checkpoint()
                .with(List.of(witness.cosign(proof.checkpoint().text(), 1_700_000_000L)));
        LedgerProof whole = new LedgerProof(proof.extra(), proof.index(), proof.path(), cosigned);
        Path policy = Files.writeString(
                folder.resolve("policy.txt"),
                "witness west " + witness.key() + " http://127.0.0.1:15039/\nquorum west\n",
                StandardCharsets.UTF_8);
        Path entry = Files.write(folder.resolve("entry"), proof.extra().orElseThrow());

        assertThat(accepts(whole, log, policy, entry).text()).isEqualTo("verified 270");
        assertThat(accepts(proof, log, policy, entry).text())
                .as("without a witness")
                .contains("no quorum");
    }

    private static Answer accepts(LedgerProof proof, SmallLog log, Path policy, Path entry) throws Exception {
        Path file = Files.write(folder.resolve("one.tlog-proof"), proof.bytes());
        return check("proof", file.toString(), log.signer.key().toString(), policy.toString(), entry.toString());
    }
}
