package io.beringia.trust.cli;

import io.beringia.trust.federation.BundleDocument;
import io.beringia.trust.federation.LastGoodBundles;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code beringia trust federate list}: the last good bundle of each foreign trust domain. Exits with 1 where one is none. */
@Command(name = "list", description = "Show the last good bundle of each foreign trust domain.")
final class FederateListCommand implements Callable<Integer> {
    private static final int FINDINGS = 1;
    private static final String ROW = "%-40s %10s %5s  %-24s  %s%n";

    @Option(
            names = "--dir",
            required = true,
            description = "The federation.dir of the role trust: the folder federation beside its CA.")
    private Path dir = Path.of("");

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: ${DEFAULT-VALUE}).")
    private LedgerReport.Output output = LedgerReport.Output.table;

    @Spec
    private CommandSpec spec;

    /**
     * One trust domain.
     *
     * @param taken when this bundle came
     * @param ends when its first root does; empty without roots
     * @param fault why the file is no bundle of it
     */
    record Row(
            String trustDomain,
            Optional<Long> sequence,
            int roots,
            Optional<String> taken,
            Optional<String> ends,
            Optional<String> fault) {}

    @Override
    public Integer call() throws IOException {
        LastGoodBundles lastGood = new LastGoodBundles(dir);
        List<Row> rows = new ArrayList<>();
        for (TrustDomain domain : lastGood.domains()) {
            rows.add(row(lastGood, domain));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (output == LedgerReport.Output.json) {
            out.println(JsonMapper.shared().writeValueAsString(rows));
        } else {
            print(out, rows);
        }
        return rows.stream().allMatch(row -> row.fault().isEmpty()) ? 0 : FINDINGS;
    }

    private static Row row(LastGoodBundles lastGood, TrustDomain domain) throws IOException {
        Optional<String> taken = lastGood.written(domain).map(Instant::toString);
        try {
            BundleDocument bundle = lastGood.read(domain).orElseThrow();
            Optional<String> ends = bundle.roots().stream()
                    .map(X509Certificate::getNotAfter)
                    .map(end -> end.toInstant().toString())
                    .min(String::compareTo);
            return new Row(domain.name(), bundle.sequence(), bundle.roots().size(), taken, ends, Optional.empty());
        } catch (IllegalArgumentException changed) {
            return new Row(
                    domain.name(),
                    Optional.empty(),
                    0,
                    taken,
                    Optional.empty(),
                    Optional.of(String.valueOf(changed.getMessage())));
        }
    }

    private static void print(PrintWriter out, List<Row> rows) {
        out.printf(ROW, "TRUST DOMAIN", "SEQUENCE", "ROOTS", "TAKEN", "FIRST ROOT ENDS");
        rows.forEach(row -> out.printf(
                ROW,
                row.trustDomain(),
                row.sequence().map(String::valueOf).orElse("none"),
                row.roots(),
                row.taken().orElse("-"),
                row.ends().orElse("-")));
        rows.forEach(row -> row.fault().ifPresent(fault -> out.println("refused " + fault)));
    }
}
