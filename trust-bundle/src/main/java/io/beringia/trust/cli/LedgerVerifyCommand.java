package io.beringia.trust.cli;

import io.beringia.trust.ledger.LedgerEntry;
import io.beringia.trust.ledger.LedgerProof;
import io.beringia.trust.ledger.LedgerVerifier;
import io.beringia.trust.ledger.LogReport;
import io.beringia.trust.ledger.LogSource;
import io.beringia.trust.ledger.Policy;
import io.beringia.trust.ledger.PolicyVerdict;
import io.beringia.trust.ledger.SignedNote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code beringia ledger verify}: whole logs, or single proofs, against a policy. Exits with 1 on any finding. */
@Command(name = "verify", description = "Check logs, or proofs from them, against a policy.")
final class LedgerVerifyCommand implements Callable<Integer> {
    private static final int FINDINGS = 1;

    @Option(
            names = "--policy",
            required = true,
            paramLabel = "FILE",
            description = "Keys of logs and witnesses, and the quorum (C2SP tlog-policy).")
    private Path policy = Path.of("");

    @Option(
            names = "--log",
            paramLabel = "DIR|URL",
            description = "A log to check; several are checked against one another.")
    private List<String> logs = List.of();

    @Option(
            names = "--since",
            paramLabel = "FILE",
            description = "A checkpoint that was kept: its log must continue it.")
    private Optional<Path> since = Optional.empty();

    @Option(names = "--proof", paramLabel = "FILE", description = "A .tlog-proof of ours to check, without any log.")
    private List<Path> proofs = List.of();

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: ${DEFAULT-VALUE}).")
    private LedgerReport.Output output = LedgerReport.Output.table;

    @Mixin
    private LogOptions options = new LogOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (logs.isEmpty() && proofs.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "neither --log nor --proof (expected: something to check)");
        }
        Policy known = Policy.parse(Files.readAllBytes(policy));
        LedgerReport report = new LedgerReport(reports(known), proven(known));
        report.print(spec.commandLine().getOut(), output);
        return report.holds() ? 0 : FINDINGS;
    }

    private List<LogReport> reports(Policy known) throws IOException {
        List<LogSource> sources = new ArrayList<>();
        for (String log : logs) {
            LogSource source = options.open(log);
            source.read("checkpoint"); // who does not answer at all is no finding
            sources.add(source);
        }
        Optional<SignedNote> kept =
                since.isPresent() ? Optional.of(SignedNote.parse(Files.readAllBytes(since.get()))) : Optional.empty();
        return sources.isEmpty() ? List.of() : new LedgerVerifier(known, kept).verify(sources);
    }

    private List<LedgerReport.Proven> proven(Policy known) throws IOException {
        List<LedgerReport.Proven> proven = new ArrayList<>();
        for (Path file : proofs) {
            proven.add(proven(file, known));
        }
        return proven;
    }

    private static LedgerReport.Proven proven(Path file, Policy known) throws IOException {
        try {
            LedgerProof proof = LedgerProof.parse(Files.readAllBytes(file));
            byte[] entry = proof.extra()
                    .orElseThrow(() -> new IllegalArgumentException("proof: no extra data (expected: the entry)"));
            return switch (proof.verify(entry, known)) {
                case PolicyVerdict.Accepted accepted ->
                    new LedgerReport.Proven(
                            file.toString(),
                            true,
                            accepted.checkpoint().origin() + " " + proof.index() + ": " + LedgerEntry.parse(entry));
                case PolicyVerdict.Refused refused -> new LedgerReport.Proven(file.toString(), false, refused.why());
            };
        } catch (IllegalArgumentException bad) {
            return new LedgerReport.Proven(file.toString(), false, String.valueOf(bad.getMessage()));
        }
    }
}
