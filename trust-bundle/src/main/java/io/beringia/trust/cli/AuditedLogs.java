package io.beringia.trust.cli;

import io.beringia.trust.ledger.Finding;
import io.beringia.trust.ledger.LedgerEntry;
import io.beringia.trust.ledger.LedgerProof;
import io.beringia.trust.ledger.LedgerProver;
import io.beringia.trust.ledger.LedgerVerifier;
import io.beringia.trust.ledger.LogReport;
import io.beringia.trust.ledger.LogSource;
import io.beringia.trust.ledger.Policy;
import io.beringia.trust.ledger.PolicyVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Option;

/** The logs of one question. An answer is given only from logs that verify whole, since what is missing counts, too. */
final class AuditedLogs {
    /** Proofs in one answer: some 100 MB of text. */
    private static final int ENTRIES_MAX = 50_000;

    @Option(
            names = "--policy",
            required = true,
            paramLabel = "FILE",
            description = "Keys of logs and witnesses, and the quorum (C2SP tlog-policy).")
    private Path policy = Path.of("");

    @Option(
            names = "--log",
            required = true,
            paramLabel = "DIR|URL",
            description = "A log of connections; several are checked against one another.")
    private List<String> logs = List.of();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where each entry's .tlog-proof is written (default: nowhere).")
    private Optional<Path> folder = Optional.empty();

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: ${DEFAULT-VALUE}).")
    private LedgerReport.Output output = LedgerReport.Output.table;

    /** One entry that is in a log, and what proves it. */
    record Proven(String log, LedgerEntry entry, LedgerProof proof) {
        long index() {
            return proof.index();
        }
    }

    /** All that was found, oldest first, and what the logs are worth. */
    record Found(List<LogReport> logs, List<Proven> entries) {}

    LedgerReport.Output output() {
        return output;
    }

    /** Throws {@link IllegalArgumentException} on a log that does not verify, with the first finding. */
    Found find(LogOptions options, Predicate<LedgerEntry> wanted) throws IOException {
        Policy known = Policy.parse(Files.readAllBytes(policy));
        List<LogSource> sources = new ArrayList<>();
        for (String log : logs) {
            LogSource source = options.open(log);
            source.read("checkpoint"); // who does not answer at all is no finding
            sources.add(source);
        }
        List<LogReport> reports = new LedgerVerifier(known, Optional.empty()).verify(sources);
        for (int i = 0; i < reports.size(); i++) {
            refuseUnlessHolds(logs.get(i), reports.get(i));
        }
        List<Proven> entries = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            entries.addAll(proven(reports.get(i).origin(), sources.get(i), known, wanted));
        }
        entries.sort(Comparator.comparingLong(one -> one.entry().timeNanos()));
        if (folder.isPresent()) {
            write(folder.get(), entries);
        }
        return new Found(reports, List.copyOf(entries));
    }

    private static void refuseUnlessHolds(String log, LogReport report) {
        if (!report.holds()) {
            Finding first = report.findings().getFirst();
            throw new IllegalArgumentException("log: " + log + " does not verify, " + first
                    + " (expected: a log that does; beringia ledger verify lists all findings)");
        }
    }

    private static List<Proven> proven(String log, LogSource source, Policy known, Predicate<LedgerEntry> wanted)
            throws IOException {
        List<LedgerProof> proofs = LedgerProver.of(source).prove(wanted, ENTRIES_MAX + 1);
        if (proofs.size() > ENTRIES_MAX) {
            throw new IllegalArgumentException("log: " + log + " has more than " + ENTRIES_MAX
                    + " entries that answer (expected: fewer; ask with a later --since)");
        }
        List<Proven> proven = new ArrayList<>();
        for (LedgerProof proof : proofs) {
            byte[] entry = proof.extra().orElseThrow();
            if (proof.verify(entry, known) instanceof PolicyVerdict.Refused(String why)) {
                throw new IllegalArgumentException(
                        "log: " + log + " changed while it was read, " + why + " (expected: one that only grows)");
            }
            proven.add(new Proven(log, LedgerEntry.parse(entry), proof));
        }
        return proven;
    }

    private static void write(Path folder, List<Proven> entries) throws IOException {
        Files.createDirectories(folder);
        for (Proven one : entries) {
            Files.write(folder.resolve(fileName(one)), one.proof().bytes());
        }
    }

    private static String fileName(Proven one) {
        return one.log().substring(one.log().lastIndexOf('/') + 1) + "-" + one.index() + ".tlog-proof";
    }
}
