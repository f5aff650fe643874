package io.beringia.scenarios.connect;

/** What became of one case. */
public sealed interface CaseResult {
    SuiteCase of();

    record Passed(SuiteCase of) implements CaseResult {}

    /** @param why which step, what came, what was expected */
    record Failed(SuiteCase of, String why) implements CaseResult {}

    record Skipped(SuiteCase of, String why) implements CaseResult {}
}
