package io.beringia.failover.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Answers of candidates as tables for people. Pure. */
final class RegionTables {
    private static final int HUNDREDTHS = 100;
    private static final long MILLIS_PER_SECOND = 1_000;

    private RegionTables() {}

    static List<String> status(JsonNode status) {
        if (status.has("outcome")) {
            return List.of(status.path("outcome").asString() + ": "
                    + status.path("detail").asString(""));
        }
        List<String> lines = new ArrayList<>();
        lines.add(head(status));
        status.path("outlook").path("lines").valueStream().forEach(line -> lines.add(outlook(line)));
        status.path("notes").valueStream().forEach(note -> lines.add("note: " + note.asString()));
        if (status.path("leading").asBoolean(false)) {
            lines.add("decision: " + status.path("decision").asString());
            lines.addAll(regions(status));
            lines.addAll(services(status));
            lines.addAll(homes(status));
            lines.addAll(rows(status.path("shares"), status.path("shares")));
            lines.addAll(overrides(status));
            lines.addAll(laggards(status));
        }
        lines.addAll(sites(status));
        lines.addAll(paths(status));
        return lines;
    }

    /** What became of a command, or would. */
    static List<String> answer(JsonNode answer) {
        List<String> lines = new ArrayList<>();
        String rule = answer.has("rule") ? " by " + answer.path("rule").asString() : "";
        lines.add(answer.path("outcome").asString("no-leader") + rule + ": "
                + answer.path("detail").asString(""));
        answer.path("warnings")
                .valueStream()
                .forEach(one -> lines.add("warned by " + one.path("rule").asString() + ": "
                        + one.path("detail").asString()));
        if (answer.has("after")) {
            lines.add("plan " + answer.path("plan").asString());
            lines.addAll(rows(answer.path("before"), answer.path("after")));
        }
        return lines;
    }

    private static String head(JsonNode status) {
        String site = status.path("site").asString();
        return status.path("leading").asBoolean(false)
                ? "mesh " + status.path("mesh").asString() + ": epoch "
                        + status.path("epoch").asString() + ", seq "
                        + status.path("seq").asString() + ", led from " + site + ", lease "
                        + status.path("leaseLeftMillis").asLong() + " ms, mode "
                        + status.path("mode").asString()
                : "no fenced leader; seen from " + site + ", mode "
                        + status.path("mode").asString();
    }

    /** The sentence that matters, before all tables. */
    private static String outlook(JsonNode line) {
        return line.path("level").asString() + ": " + line.path("subject").asString() + " "
                + line.path("says").asString() + " (" + line.path("why").asString() + ")";
    }

    /** Who does not follow the plan yet. */
    private static List<String> laggards(JsonNode status) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("LAGGARD", "OBEYS", "PROXIES BEHIND"));
        status.path("laggards")
                .valueStream()
                .forEach(one -> table.add(List.of(
                        one.path("site").asString(),
                        one.path("acceptedPlan").asString(),
                        one.path("behind").asString() + " of "
                                + one.path("proxies").asString())));
        return table(table);
    }

    private static List<String> regions(JsonNode status) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of(
                "REGION", "STATE", "OVERLAYS", "SINCE", "PENALTY", "REASON", "VERDICT", "BLOCKED BY", "WARNED BY"));
        status.path("regions")
                .valueStream()
                .forEach(region -> table.add(List.of(
                        region.path("region").asString(),
                        state(region),
                        joined(region.path("overlays")),
                        second(region.path("since")),
                        region.path("penalty").asString(),
                        region.path("reason").asString(),
                        region.path("verdict").asString("-"),
                        rules(region.path("guards")),
                        rules(region.path("warnings")))));
        return table(table);
    }

    /** Those of which anything is known. */
    private static List<String> services(JsonNode status) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("SERVICE", "REGION", "STATE", "KEEPS", "SINCE", "PENALTY", "REASON", "VERDICT"));
        status.path("services")
                .valueStream()
                .forEach(one -> table.add(List.of(
                        one.path("service").asString(),
                        one.path("region").asString(),
                        one.path("state").asString(),
                        percent(one.path("keeps").asInt()),
                        one.has("since") ? second(one.path("since")) : "-",
                        one.path("penalty").asString("-"),
                        one.path("reason").asString("-"),
                        one.path("verdict").asString())));
        return table(table);
    }

    /** Of services with a single writer. */
    private static List<String> homes(JsonNode status) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("SINGLE WRITER", "AT HOME IN", "STANDING", "SERVED", "SINCE", "REASON"));
        status.path("homes")
                .valueStream()
                .forEach(one -> table.add(List.of(
                        one.path("service").asString(),
                        one.path("region").asString("-"),
                        one.path("standing").asString("-"),
                        one.path("served").asBoolean(false) ? "yes" : "no",
                        one.has("since") ? second(one.path("since")) : "-",
                        one.path("reason").asString("-"))));
        return table(table);
    }

    private static String rules(JsonNode rules) {
        return orDash(
                rules.valueStream().map(rule -> rule.path("rule").asString()).collect(Collectors.joining(",")));
    }

    private static String state(JsonNode region) {
        int ramp = region.path("ramp").asInt();
        return region.path("state").asString() + (ramp == 0 ? "" : " " + percent(ramp));
    }

    /** Shares by source; where both differ, what becomes what. */
    static List<String> rows(JsonNode before, JsonNode after) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("CLIENTS OF", "GO TO"));
        after.propertyStream().forEach(row -> {
            String old = shares(before.path(row.getKey()));
            String fresh = shares(row.getValue());
            table.add(List.of(row.getKey(), old.equals(fresh) ? fresh : old + " -> " + fresh));
        });
        return table(table);
    }

    private static String shares(JsonNode row) {
        return orDash(row.propertyStream()
                .map(share -> share.getKey() + " " + percent(share.getValue().asInt()))
                .collect(Collectors.joining(", ")));
    }

    private static List<String> overrides(JsonNode status) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("OVERRIDE", "REGION", "UNTIL", "BY", "RULES", "REASON"));
        status.path("overrides")
                .valueStream()
                .forEach(one -> table.add(List.of(
                        one.path("verb").asString(),
                        one.path("region").asString()
                                + (one.has("service")
                                        ? " " + one.path("service").asString()
                                        : ""),
                        second(one.path("expires")),
                        one.path("actor").asString(),
                        joined(one.path("rules")),
                        one.path("reason").asString())));
        return table(table);
    }

    private static List<String> sites(JsonNode status) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("SITE", "AGE", "PLAN", "PROXIES", "ACKED", "TUNNELS TO", "HEARS"));
        status.path("evidence")
                .valueStream()
                .forEach(site -> table.add(List.of(
                        site.path("site").asString(),
                        time(site.path("ageMillis")),
                        site.path("acceptedPlan").asString(),
                        site.path("proxies").asString(),
                        site.path("acknowledged").asString(),
                        orDash(site.path("tunnels")
                                .propertyStream()
                                .map(one -> one.getKey() + " " + one.getValue().asString())
                                .collect(Collectors.joining(", "))),
                        orDash(site.path("heartbeats")
                                .valueStream()
                                .map(beat -> beat.path("from").asString() + " " + time(beat.path("ageMillis")))
                                .collect(Collectors.joining(", "))))));
        status.path("unheard")
                .valueStream()
                .forEach(site -> table.add(List.of(site.asString(), "never heard", "-", "-", "-", "-", "-")));
        return table(table);
    }

    private static List<String> paths(JsonNode status) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("PATH", "OBSERVER", "AGE", "HEALTH", "STATE", "SILENCE", "RTT", "TROUBLE"));
        for (JsonNode site : status.path("evidence")) {
            for (JsonNode observer : site.path("observers")) {
                observer.path("paths")
                        .valueStream()
                        .forEach(path -> table.add(path(site.path("site").asString(), observer, path)));
            }
        }
        return table(table);
    }

    private static List<String> path(String site, JsonNode observer, JsonNode path) {
        boolean isSelfCut = !observer.path("controlProbeOk").asBoolean(false);
        return List.of(
                site + " -> " + path.path("region").asString(),
                observer.path("observer").asString(),
                time(observer.path("ageMillis")),
                observer.path("localHealth").asString() + (isSelfCut ? " cut off" : ""),
                path.path("state").asString() + (path.path("refused").asBoolean(false) ? " refused" : ""),
                time(path.path("silenceMillis")),
                time(path.path("roundTripMillis")),
                orDash(path.path("troubles")
                        .valueStream()
                        .map(one -> one.path("trouble").asString() + " at "
                                + one.path("gateway").asString())
                        .collect(Collectors.joining(", "))));
    }

    private static String second(JsonNode time) {
        return Instant.parse(time.asString()).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String joined(JsonNode texts) {
        return orDash(texts.valueStream().map(JsonNode::asString).collect(Collectors.joining(",")));
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private static String percent(int tenThousandths) {
        return tenThousandths % HUNDREDTHS == 0
                ? tenThousandths / HUNDREDTHS + " %"
                : (double) tenThousandths / HUNDREDTHS + " %";
    }

    private static String time(JsonNode millis) {
        long value = millis.asLong();
        return value < MILLIS_PER_SECOND ? value + " ms" : value / MILLIS_PER_SECOND + " s";
    }

    /** Columns as wide as their widest cell, under an empty line; nothing where there is only a head. */
    private static List<String> table(List<List<String>> rows) {
        if (rows.size() == 1) {
            return List.of();
        }
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        List<String> lines = new ArrayList<>(List.of(""));
        rows.forEach(row -> lines.add(IntStream.range(0, row.size())
                .mapToObj(column -> padded(row.get(column), widths[column]))
                .collect(Collectors.joining("  "))
                .stripTrailing()));
        return lines;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
