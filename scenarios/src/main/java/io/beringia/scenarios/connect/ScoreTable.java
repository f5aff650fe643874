package io.beringia.scenarios.connect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What became of all cases, as one reads it on a terminal. Pure. */
public final class ScoreTable {
    private ScoreTable() {}

    /** One line a group, then everything that did not pass with its sentence, then the score. */
    public static String print(List<CaseResult> results) {
        return groups(results) + failures(results) + score(results) + "\n";
    }

    /** {@code 186/186}, cases that were skipped left out. */
    public static String score(List<CaseResult> results) {
        long played = results.stream()
                .filter(result -> !(result instanceof CaseResult.Skipped))
                .count();
        return passed(results) + "/" + played;
    }

    private static String groups(List<CaseResult> results) {
        Map<String, List<CaseResult>> groups = results.stream()
                .collect(Collectors.groupingBy(result -> result.of().group(), LinkedHashMap::new, Collectors.toList()));
        return row("GROUP", "PASSED", "FAILED", "SKIPPED")
                + groups.entrySet().stream()
                        .map(group -> row(
                                group.getKey(),
                                passed(group.getValue()),
                                count(group.getValue(), CaseResult.Failed.class),
                                count(group.getValue(), CaseResult.Skipped.class)))
                        .collect(Collectors.joining());
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, "%-12s %8s %8s %8s%n", cells);
    }

    private static long passed(List<CaseResult> results) {
        return count(results, CaseResult.Passed.class);
    }

    private static long count(List<CaseResult> results, Class<? extends CaseResult> kind) {
        return results.stream().filter(kind::isInstance).count();
    }

    private static String failures(List<CaseResult> results) {
        return results.stream()
                .filter(CaseResult.Failed.class::isInstance)
                .map(CaseResult.Failed.class::cast)
                .map(failed -> String.format(
                        Locale.ROOT,
                        "%nNOT %s/%s%n    %s%n    %s: %s%n",
                        failed.of().group(),
                        failed.of().name(),
                        failed.why(),
                        failed.of().restsOn(),
                        failed.of().says()))
                .collect(Collectors.joining("", "", "\n"));
    }
}
