package io.beringia.trust.cli;

import io.beringia.trust.ledger.Claim;
import io.beringia.trust.ledger.LogReport;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** What {@code ledger verify} found, for people or programs. */
record LedgerReport(List<LogReport> logs, List<Proven> proofs) {
    private static final String ROW = "%-64s %9s %-12s %-4s %-4s %-4s %-4s %-4s%n";

    /** Names as they are typed. */
    enum Output {
        table,
        json
    }

    /** One proof file; {@code says} its entry, or why it proves nothing. */
    record Proven(String file, boolean holds, String says) {}

    boolean holds() {
        return logs.stream().allMatch(LogReport::holds) && proofs.stream().allMatch(Proven::holds);
    }

    void print(PrintWriter out, Output output) {
        if (output == Output.json) {
            out.println(JsonMapper.shared().writeValueAsString(this));
            return;
        }
        if (!logs.isEmpty()) {
            out.printf(ROW, "LOG", "ENTRIES", "WITNESSES", "C1", "C2", "C3", "C4", "C5");
            logs.forEach(log -> row(out, log));
            logs.forEach(log -> notes(out, log));
        }
        proofs.forEach(
                proof -> out.println((proof.holds() ? "proven " : "NOT PROVEN ") + proof.file() + ": " + proof.says()));
    }

    private static void row(PrintWriter out, LogReport log) {
        String witnesses = log.witnesses().isEmpty()
                ? "none"
                : log.witnesses().stream().sorted().collect(Collectors.joining(","));
        String[] verdicts =
                Arrays.stream(Claim.values()).map(claim -> verdict(log, claim)).toArray(String[]::new);
        out.printf(
                ROW,
                log.origin(),
                log.size(),
                witnesses,
                verdicts[0],
                verdicts[1],
                verdicts[2],
                verdicts[3],
                verdicts[4]);
    }

    private static String verdict(LogReport log, Claim claim) {
        if (!log.holds(claim)) {
            return "FAIL";
        }
        return claim == Claim.C4 && log.legs() == 0 || log.size() == 0 ? "-" : "ok";
    }

    private static void notes(PrintWriter out, LogReport log) {
        log.findings()
                .forEach(finding ->
                        out.println(finding.claim() + " (" + finding.claim().word() + ") " + log.origin() + ", "
                                + finding.where() + ": " + finding.why()));
        if (log.crashes() > 0) {
            out.println("note " + log.origin() + ": started " + log.crashes() + " times without a shutdown before");
        }
        if (log.unseen() > 0) {
            out.println("note " + log.origin() + ": " + log.unseen()
                    + " connections to gateways of which no log was given");
        }
        if (log.lost() > 0) {
            out.println("note " + log.origin() + ": says that it lost " + log.lost() + " events");
        }
    }
}
