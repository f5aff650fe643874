package io.beringia.scenarios.drill;

import java.util.stream.Collectors;

/**
 * A {@link Verdict} as the XML that test reports are made of: the drill is the suite and each expectation a case. A drill that
 * measured nothing or was broken off is an error, not a failure. Pure.
 */
public final class VerdictJunit {
    private VerdictJunit() {}

    public static String print(Verdict verdict) {
        boolean isJudged =
                verdict.outcome() == Verdict.Outcome.SUCCEEDED || verdict.outcome() == Verdict.Outcome.FAILED;
        long failures =
                verdict.expectations().stream().filter(one -> !one.pass()).count();
        String cases = isJudged
                ? verdict.expectations().stream()
                        .map(one -> expectation(verdict, one))
                        .collect(Collectors.joining())
                : error(verdict);
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"%d\">\n%s</testsuite>\n"
                .formatted(
                        Markup.escaped(verdict.drill()),
                        isJudged ? verdict.expectations().size() : 1,
                        isJudged ? failures : 0,
                        isJudged ? 0 : 1,
                        cases);
    }

    private static String expectation(Verdict verdict, Expectation one) {
        String start = start(verdict, one.name());
        return one.pass()
                ? start + "/>\n"
                : start
                        + "><failure message=\"%s (expected: %s)\"/></testcase>\n"
                                .formatted(Markup.escaped(one.measured()), Markup.escaped(one.bound()));
    }

    private static String error(Verdict verdict) {
        String why = String.join("; ", verdict.aborts());
        return start(verdict, "drill")
                + "><error type=\"%s\" message=\"%s\"/></testcase>\n".formatted(verdict.outcome(), Markup.escaped(why));
    }

    private static String start(Verdict verdict, String name) {
        return "  <testcase classname=\"%s\" name=\"%s\""
                .formatted(Markup.escaped(verdict.drill()), Markup.escaped(name));
    }
}
