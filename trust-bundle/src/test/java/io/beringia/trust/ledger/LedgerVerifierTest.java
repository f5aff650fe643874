package io.beringia.trust.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LedgerVerifierTest {
    private static final String NAME = "corp.example/beringia/east-1/connections";
    private static final byte[] BOOT_2 = HexFormat.of().parseHex("02".repeat(16));
    private static final LedgerEvent BOOT = LedgerEvent.of(EntryKind.BOOT);
    private static final LedgerEvent SHUTDOWN = LedgerEvent.of(EntryKind.SHUTDOWN);
    private static final LedgerEvent ALLOW =
            LedgerEvent.of(EntryKind.CONNECTION).with(Decision.ALLOW);

    private static LedgerEvent heartbeat(long allowed, long denied, long closed) {
        return LedgerEvent.of(EntryKind.HEARTBEAT).with(Field.COUNTERS, List.of(9L, 0L, allowed, denied, closed, 1L));
    }

    private static List<Finding> findings(SmallLog log) throws IOException {
        return new LedgerVerifier(log.policy(), Optional.empty())
                .verify(List.of(log.publish()))
                .getFirst()
                .findings();
    }

    private static LedgerEvent after(byte[] entry) {
        LedgerEntry last = LedgerEntry.parse(entry);
        return BOOT.with(Field.PREVIOUS_BOOT, last.boot())
                .with(Field.PREVIOUS_SEQ, last.seq())
                .with(Field.PREVIOUS_LEAF, MerkleTree.leaf(entry).octets());
    }

    @Test
    void an_honest_log_holds() throws IOException {
        SmallLog log = new SmallLog(NAME).add(BOOT);
        for (int i = 0; i < 600; i++) {
            log.add(ALLOW);
        }
        log.add(heartbeat(600, 0, 0)).add(ALLOW).add(heartbeat(1, 0, 0)).add(ALLOW);
        log.boot(BOOT_2).add(after(log.last())).add(heartbeat(0, 0, 0)).add(SHUTDOWN);
        LogReport report = new LedgerVerifier(log.policy(), Optional.empty())
                .verify(List.of(log.publish()))
                .getFirst();

        assertThat(report.findings()).isEmpty();
        assertThat(report.size()).isEqualTo(608);
        assertThat(report.crashes()).isEqualTo(1);
    }

    @Test
    void an_octet_changed_anywhere_is_found_and_named() throws IOException {
        SmallLog log = new SmallLog(NAME).add(BOOT);
        for (int i = 0; i < 4; i++) {
            log.add(ALLOW);
        }
        log.publish();
        for (int i = 0; i < 295; i++) {
            log.add(ALLOW);
        }
        LogSource source = log.publish();
        LedgerVerifier verifier = new LedgerVerifier(log.policy(), Optional.empty());
        assertThat(verifier.verify(List.of(source)).getFirst().findings())
                .as("untouched")
                .isEmpty();
        List<String> files = log.disk.paths().stream()
                .filter(path -> path.startsWith("log/"))
                .toList();
        assertThat(files).as("files").hasSize(6);
        for (String file : files) {
            byte[] good = log.disk.read(file).orElseThrow();
            String path = file.substring("log/".length());
            String named = path.startsWith("tile/entries") ? "entr" : path;
            int stride = 1 + good.length / 300;
            for (int at = 0; at < good.length; at += stride) {
                byte[] changed = good.clone();
                changed[at] ^= (byte) (1 << at % 8);
                log.disk.put(file, changed);
                List<Finding> findings =
                        verifier.verify(List.of(source)).getFirst().findings();
                assertThat(findings)
                        .as("%s, octet %d", file, at)
                        .anySatisfy(finding -> assertThat(finding.toString()).contains(named));
            }
            log.disk.put(file, good);
        }
    }

    @Test
    void a_missing_or_shortened_file_is_found_and_named() throws IOException {
        SmallLog log = new SmallLog(NAME).add(BOOT);
        for (int i = 0; i < 299; i++) {
            log.add(ALLOW);
        }
        LogSource source = log.publish();
        LedgerVerifier verifier = new LedgerVerifier(log.policy(), Optional.empty());
        for (String file : log.disk.paths().stream()
                .filter(path -> path.startsWith("log/"))
                .toList()) {
            byte[] good = log.disk.read(file).orElseThrow();
            log.disk.put(file, Arrays.copyOf(good, good.length - 1));
            assertThat(verifier.verify(List.of(source)).getFirst().findings())
                    .as("%s cut", file)
                    .isNotEmpty();
            log.disk.delete(file);
            assertThat(verifier.verify(List.of(source)).getFirst().findings())
                    .as("%s gone", file)
                    .isNotEmpty();
            log.disk.put(file, good);
        }
    }

    @Test
    void a_number_that_is_left_out_breaks_the_chain() throws IOException {
        SmallLog log = new SmallLog(NAME)
                .add(BOOT)
                .add(ALLOW)
                .add(ALLOW, at -> new StreamHead(at.writer(), at.boot(), at.seq() + 1, at.previous()))
                .add(ALLOW);

        assertThat(findings(log))
                .hasSize(1)
                .first()
                .hasToString("C1 entry 2: number 3 of boot " + "00".repeat(16) + " (expected: number 2 of boot "
                        + "00".repeat(16) + ")");
    }

    @Test
    void an_entry_that_was_replaced_breaks_the_chain() throws IOException {
        SmallLog log = new SmallLog(NAME)
                .add(BOOT)
                .add(ALLOW)
                .add(ALLOW, at -> new StreamHead(at.writer(), at.boot(), at.seq(), Hash.NONE))
                .add(ALLOW);

        assertThat(findings(log))
                .hasSize(1)
                .first()
                .satisfies(finding -> assertThat(finding.toString()).startsWith("C1 entry 2: after leaf AAAA"));
    }

    @Test
    void entries_of_another_writer_and_no_entries_are_found() throws IOException {
        SmallLog log = new SmallLog(NAME)
                .add(BOOT)
                .add(ALLOW, at -> new StreamHead("w2", at.boot(), at.seq(), at.previous()))
                .raw(new byte[] {2});

        assertThat(findings(log))
                .extracting(Finding::toString)
                .containsExactly(
                        "C1 entry 1: writer \"w2\" (expected: w1)", "C1 entry 2: entry: another version (expected: 1)");
    }

    @Test
    void a_heartbeat_that_counts_otherwise_is_found() throws IOException {
        SmallLog log = new SmallLog(NAME)
                .add(BOOT)
                .add(ALLOW)
                .add(heartbeat(1, 0, 0))
                .add(ALLOW)
                .add(heartbeat(2, 0, 1));

        assertThat(findings(log))
                .extracting(Finding::toString)
                .containsExactly(
                        "C2 entry 4: counts [2, 0, 1] allowed, denied, closed (expected: [1, 0, 0], as many as stand before it)");
    }

    @Test
    void a_boot_that_forgets_what_was_before_it_is_found() throws IOException {
        SmallLog forgets = new SmallLog(NAME).add(BOOT).add(ALLOW).boot(BOOT_2).add(BOOT);
        assertThat(findings(forgets))
                .hasSize(1)
                .first()
                .satisfies(finding -> assertThat(finding.toString())
                        .startsWith("C3 entry 2: boot after number -1 (expected: after number 1"));

        SmallLog skips = new SmallLog(NAME).add(BOOT);
        byte[] first = skips.last();
        skips.add(ALLOW).boot(BOOT_2).add(after(first));
        assertThat(findings(skips))
                .hasSize(1)
                .first()
                .extracting(Finding::claim)
                .isEqualTo(Claim.C3);

        SmallLog same = new SmallLog(NAME).add(BOOT).boot(SmallLog.FIRST_BOOT);
        same.add(after(same.last()));
        assertThat(findings(same))
                .extracting(Finding::toString)
                .containsExactly("C3 entry 1: boot " + "00".repeat(16) + " (expected: a new one)");
    }

    @Test
    void what_follows_a_shutdown_or_no_boot_is_found() throws IOException {
        assertThat(findings(new SmallLog(NAME).add(BOOT).add(SHUTDOWN).add(ALLOW)))
                .extracting(Finding::toString)
                .containsExactly("C3 entry 2: follows a shutdown (expected: a boot)");
        assertThat(findings(new SmallLog(NAME).add(ALLOW)))
                .extracting(Finding::toString)
                .containsExactly("C3 entry 0: CONNECTION (expected: a boot)");
    }

    @Test
    void a_connection_stands_in_the_logs_of_both_gateways() throws IOException {
        byte[] known = HexFormat.of().parseHex("aa".repeat(16));
        byte[] hidden = HexFormat.of().parseHex("bb".repeat(16));
        byte[] young = HexFormat.of().parseHex("cc".repeat(16));
        SmallLog east = new SmallLog(NAME)
                .add(BOOT)
                .add(ALLOW.with(Field.CONNECTION, known).with(Field.PEER, "west-1"))
                .add(ALLOW.with(Field.CONNECTION, hidden).with(Field.PEER, "west-1"))
                .later(20_000_000_000L)
                .add(ALLOW.with(Field.CONNECTION, young).with(Field.PEER, "west-1"));
        SmallLog west = new SmallLog("corp.example/beringia/west-1/connections")
                .add(BOOT)
                .add(ALLOW.with(Field.CONNECTION, known))
                .later(20_000_000_000L)
                .add(ALLOW);
        Policy both = Policy.parse("log " + east.signer.key() + "\nlog " + west.signer.key() + "\nquorum none\n");

        List<LogReport> reports =
                new LedgerVerifier(both, Optional.empty()).verify(List.of(east.publish(), west.publish()));

        assertThat(reports.getFirst().findings())
                .extracting(Finding::toString)
                .containsExactly("C4 entry 2: connection " + "bb".repeat(16)
                        + " to \"west-1\" (expected: in the log of that gateway, too)");
        assertThat(reports.getFirst().legs()).isEqualTo(2);
        assertThat(reports.getLast().holds()).isTrue();
    }

    @Test
    void what_a_killed_gateway_may_not_have_written_yet_is_not_missed_and_all_else_is() throws IOException {
        byte[] lost = HexFormat.of().parseHex("aa".repeat(16));
        byte[] hidden = HexFormat.of().parseHex("bb".repeat(16));
        SmallLog east = new SmallLog(NAME)
                .add(BOOT)
                .add(ALLOW.with(Field.CONNECTION, lost).with(Field.PEER, "west-1/gateway-0"))
                .later(40_000_000_000L)
                .add(ALLOW.with(Field.CONNECTION, hidden).with(Field.PEER, "west-1/gateway-0"));
        SmallLog west = new SmallLog("corp.example/beringia/west-1/connections").add(BOOT);
        west.later(1_000_000_000L).boot(BOOT_2).add(after(west.last())).later(100_000_000_000L);
        west.add(heartbeat(0, 0, 0));
        Policy both = Policy.parse("log " + east.signer.key() + "\nlog " + west.signer.key() + "\nquorum none\n");

        LogReport report = new LedgerVerifier(both, Optional.empty())
                .verify(List.of(east.publish(), west.publish()))
                .getFirst();

        assertThat(report.findings())
                .extracting(Finding::toString)
                .containsExactly("C4 entry 2: connection " + "bb".repeat(16)
                        + " to \"west-1/gateway-0\" (expected: in the log of that gateway, too)");
        assertThat(report.legs()).isEqualTo(1);
    }

    @Test
    void connections_to_a_cluster_of_which_there_is_no_log_are_counted_and_looked_for_nowhere_else()
            throws IOException {
        byte[] id = HexFormat.of().parseHex("aa".repeat(16));
        SmallLog east = new SmallLog(NAME)
                .add(BOOT)
                .add(ALLOW.with(Field.CONNECTION, id).with(Field.PEER, "west-1"));
        SmallLog north = new SmallLog("corp.example/beringia/north-1/connections")
                .add(BOOT)
                .later(20_000_000_000L)
                .add(heartbeat(0, 0, 0));
        Policy both = Policy.parse("log " + east.signer.key() + "\nlog " + north.signer.key() + "\nquorum none\n");

        LogReport report = new LedgerVerifier(both, Optional.empty())
                .verify(List.of(east.publish(), north.publish()))
                .getFirst();

        assertThat(report.findings()).isEmpty();
        assertThat(report.unseen()).isEqualTo(1);
        assertThat(report.legs()).isZero();
    }

    @Test
    void a_checkpoint_that_was_kept_is_continued_or_the_log_is_refused() throws IOException {
        SmallLog log = new SmallLog(NAME).add(BOOT).add(ALLOW);
        SignedNote kept = SignedNote.parse(log.publish().read("checkpoint").orElseThrow());
        LogSource grown = log.add(ALLOW).publish();
        Checkpoint other = new Checkpoint(log.signer.key().name(), 2, MerkleTree.leaf(new byte[0]));
        SignedNote fork = new SignedNote(other.text(), List.of(log.signer.sign(other.text())));
        Checkpoint ahead = new Checkpoint(log.signer.key().name(), 9, MerkleTree.leaf(new byte[0]));
        SignedNote longer = new SignedNote(ahead.text(), List.of(log.signer.sign(ahead.text())));

        assertThat(since(log, kept, grown)).isEmpty();
        assertThat(since(log, fork, grown))
                .hasSize(1)
                .first()
                .satisfies(finding -> assertThat(finding.toString()).startsWith("C5 entries before 2: make root"));
        assertThat(since(log, longer, grown))
                .hasSize(1)
                .first()
                .satisfies(finding -> assertThat(finding.toString()).contains("none continues the kept one"));
    }

    private static List<Finding> since(SmallLog log, SignedNote kept, LogSource source) {
        List<Finding> all = new ArrayList<>();
        new LedgerVerifier(log.policy(), Optional.of(kept))
                .verify(List.of(source))
                .forEach(report -> all.addAll(report.findings()));
        return all;
    }

    @Test
    void a_proof_is_made_of_every_entry_that_fits_and_of_no_spoilt_log() throws IOException {
        SmallLog log = new SmallLog(NAME).add(BOOT);
        byte[] connection = HexFormat.of().parseHex("aa".repeat(16));
        for (int i = 0; i < 300; i++) {
            log.add(i % 100 == 7 ? ALLOW.with(Field.CONNECTION, connection) : ALLOW);
        }
        List<LedgerProof> proofs = LedgerProver.of(log.publish())
                .prove(entry -> entry.octets(Field.CONNECTION).isPresent());

        assertThat(proofs).extracting(LedgerProof::index).containsExactly(8L, 108L, 208L);
        assertThat(proofs)
                .allSatisfy(proof -> assertThat(LedgerProof.parse(proof.bytes())
                                .verify(proof.extra().orElseThrow(), log.policy()))
                        .isInstanceOf(PolicyVerdict.Accepted.class));
        byte[] tile = log.disk.read("log/tile/0/000").orElseThrow();
        tile[9 * Hash.LENGTH] ^= 1;
        log.disk.put("log/tile/0/000", tile);
        assertThatThrownBy(() -> LedgerProver.of(log.source())
                        .prove(entry -> entry.octets(Field.CONNECTION).isPresent()))
                .hasMessageContaining("do not lead to the root");
    }
}
