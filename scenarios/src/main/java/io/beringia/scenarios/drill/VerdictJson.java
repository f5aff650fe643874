package io.beringia.scenarios.drill;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A {@link Verdict} as maps, lists, texts and numbers, for a file that programs read. Times are milliseconds since the start
 * of the load; what never happened is left out. Pure.
 */
public final class VerdictJson {
    private static final double MEDIAN = 0.5;
    private static final double TAIL = 0.99;
    private static final double NANOS_PER_MILLI = 1e6;

    private VerdictJson() {}

    public static Map<String, Object> of(Verdict verdict) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("drill", verdict.drill());
        json.put("outcome", verdict.outcome());
        times(json, verdict.findings().times());
        json.put("newConn", newConnections(verdict));
        json.put("inflight", inFlight(verdict));
        json.put("requests", requests(verdict.tally()));
        json.put(
                "identity",
                Map.of(
                        "checked",
                        verdict.tally().counted() - verdict.tally().failed(),
                        "mismatch",
                        verdict.tally().mismatched()));
        json.put("wrongRegion", verdict.findings().wrongRegion());
        json.put("falsePositives", verdict.findings().falsePositives());
        json.put("staleWritesRejected", verdict.findings().staleWritesRejected());
        json.put("failback", failback(verdict.findings().failback()));
        json.put("expectations", verdict.expectations());
        json.put("aborts", verdict.aborts());
        json.put("marksMs", verdict.marksMs());
        json.put("phases", verdict.phases());
        json.put("flows", verdict.flows());
        json.put("configDigest", verdict.findings().configDigest());
        json.put("versions", verdict.findings().versions());
        json.put("ledgerRange", new TreeMap<>(verdict.findings().ledgerEntries()));
        return json;
    }

    private static void times(Map<String, Object> json, Findings.Times times) {
        put(json, "faultAt", times.fault());
        put(json, "suspectAt", times.suspect());
        put(json, "downAt", times.down());
        put(json, "committedAt", times.committed());
        json.put("lastErrorAt", times.lastError().orElse(0));
        json.put("pushedP50Ms", Quantile.of(times.pushed(), MEDIAN));
        json.put("pushedP99Ms", Quantile.of(times.pushed(), TAIL));
        put(json, "detectionMs", times.detection());
        put(json, "decisionMs", times.decision());
        json.put("shiftMs", times.shift());
    }

    private static void put(Map<String, Object> json, String name, OptionalLong value) {
        value.ifPresent(it -> json.put(name, it));
    }

    private static Map<String, Object> newConnections(Verdict verdict) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("total", verdict.tally().counted());
        json.put("failed", verdict.tally().failed());
        json.put("innerFailed", verdict.findings().innerFailed());
        json.put("hedged", verdict.findings().hedged());
        json.put("addedP99Ms", Math.round(addedNanos(verdict) / NANOS_PER_MILLI));
        return json;
    }

    /** By how much the slowest flow was slower, in its worst phase, than the slowest one in the first phase. */
    private static double addedNanos(Verdict verdict) {
        String first =
                verdict.phases().isEmpty() ? "" : verdict.phases().getFirst().name();
        long steady = verdict.flows().stream()
                .filter(flow -> flow.phase().equals(first))
                .mapToLong(Flow::p99Nanos)
                .max()
                .orElse(0);
        long worst = verdict.flows().stream().mapToLong(Flow::p99Nanos).max().orElse(0);
        return worst - steady;
    }

    private static Map<String, Object> inFlight(Verdict verdict) {
        Findings.InFlight inFlight = verdict.findings().inFlight();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("open", inFlight.open());
        json.put("completed", inFlight.completed());
        json.put("reset", inFlight.resetMillis().size());
        json.put("hung", inFlight.hung());
        json.put("newConnectionsCut", verdict.tally().cut());
        json.put("resetLatencyP99Ms", Quantile.of(inFlight.resetMillis(), TAIL));
        return json;
    }

    private static Map<String, Object> requests(Tally tally) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("total", tally.counted());
        json.put("ok", tally.counted() - tally.failed());
        json.put("error", tally.failed() - tally.lost());
        json.put("lost", tally.lost());
        json.put("duplicated", tally.duplicated());
        return json;
    }

    private static Map<String, Object> failback(Findings.Failback failback) {
        return Map.of("steps", failback.steps(), "aborts", failback.aborts(), "errors", failback.errors());
    }
}
