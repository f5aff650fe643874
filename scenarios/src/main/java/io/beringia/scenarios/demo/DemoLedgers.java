package io.beringia.scenarios.demo;

import io.beringia.scenarios.drill.Expectation;
import io.beringia.trust.ledger.FolderSource;
import io.beringia.trust.ledger.LedgerVerifier;
import io.beringia.trust.ledger.LogReport;
import io.beringia.trust.ledger.LogSource;
import io.beringia.trust.ledger.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether logs hold what {@code beringia ledger verify} asks of them, a lost region's too. Nobody cosigns them, so it is
 * their writers' keys that are believed.
 *
 * @param folders one of each log
 */
record DemoLedgers(List<Path> folders) {
    private static final String NAME = "ledgers verified";

    DemoLedgers {
        folders = List.copyOf(folders);
    }

    /**
     * What was found.
     *
     * @param entries of each log, by its name
     */
    record Judgement(Expectation verified, Map<String, Long> entries) {}

    Judgement judge() {
        try {
            List<LogReport> reports = reports();
            return new Judgement(
                    judged(reports), reports.stream().collect(Collectors.toMap(LogReport::origin, LogReport::size)));
        } catch (IOException | IllegalArgumentException unreadable) {
            return new Judgement(Expectation.that(NAME, false, String.valueOf(unreadable.getMessage())), Map.of());
        }
    }

    private List<LogReport> reports() throws IOException {
        StringBuilder policy = new StringBuilder();
        List<LogSource> logs = new ArrayList<>();
        for (Path folder : folders) {
            policy.append("log ")
                    .append(Files.readString(folder.resolve("log.vkey")).strip())
                    .append('\n');
            logs.add(FolderSource.of(folder));
        }
        return new LedgerVerifier(Policy.parse(policy + "quorum none\n"), Optional.empty()).verify(logs);
    }

    private static Expectation judged(List<LogReport> reports) {
        long entries = reports.stream().mapToLong(LogReport::size).sum();
        long lost = reports.stream().mapToLong(LogReport::lost).sum();
        long legs = reports.stream().mapToLong(LogReport::legs).sum();
        boolean holds = reports.stream().allMatch(LogReport::holds);
        String measured = reports.stream()
                .filter(report -> !report.holds())
                .findFirst()
                .map(bad -> bad.origin() + ": " + bad.findings().getFirst())
                .orElse(reports.size() + " logs, C1 to C5, " + entries + " entries, " + lost + " lost, " + legs
                        + " looked for at their other gateway");
        return Expectation.that(NAME, holds && lost == 0, measured);
    }
}
