package io.beringia.trust.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Answers about a rotation as lines for people. Pure. */
final class RotateTables {
    private static final String PLANE = "%-72s  %-10s  %-26s  %-12s  %s";
    private static final String CLUSTER = "%-20s  %-16s  %-26s  %-6s  %s";
    private static final int ROOT_CHARS = 12;

    private RotateTables() {}

    /** Of an order. */
    static List<String> answer(JsonNode answer) {
        List<String> lines = new ArrayList<>();
        lines.add(text(answer, "outcome") + ": " + text(answer, "detail"));
        answer.path("missing").forEach(one -> lines.add(missing(one)));
        return lines;
    }

    static List<String> status(JsonNode answer) {
        JsonNode status = answer.path("status");
        if (status.isMissingNode()) {
            return answer(answer);
        }
        List<String> lines = new ArrayList<>();
        lines.add(text(status, "phase") + ", generation " + text(status, "generation")
                + (status.path("by-hand").asBoolean(false) ? ", by hand" : "")
                + (status.has("emergency-percent")
                        ? ", EMERGENCY: waits for " + text(status, "emergency-percent") + " % of the data planes"
                        : ""));
        lines.add(
                status.has("root")
                        ? "root " + root(status, "root")
                        : "from root " + root(status, "from") + " to " + root(status, "to") + ", since "
                                + text(status, "since"));
        lines.add("last order by " + text(status, "by") + ": " + text(status, "reason"));
        if (status.has("trouble")) {
            lines.add("cannot go on: " + text(status, "trouble"));
        }
        lines.add(intermediate(status.path("intermediate")));
        lines.addAll(clusters(status));
        lines.add("");
        lines.add(String.format(PLANE, "DATA PLANE", "ROOTS BY", "ROOTS", "LEAF UNDER", "SEEN"));
        status.path("planes").forEach(one -> lines.add(plane(one)));
        lines.add("");
        lines.add(status.path("missing").isEmpty() ? "nothing is waited for" : "waits for:");
        status.path("missing").forEach(one -> lines.add(missing(one)));
        return lines;
    }

    private static String intermediate(JsonNode one) {
        String what = switch (text(one, "step")) {
            case "prepare" -> ", lay the next one out";
            case "late" -> ", LAY THE NEXT ONE OUT";
            default -> one.has("next-ends") ? ", then one until " + text(one, "next-ends") : "";
        };
        String faults = one.path("faults").valueStream().map(JsonNode::asString).collect(Collectors.joining("; "));
        return "intermediate until " + text(one, "ends") + what
                + (faults.isEmpty() ? "" : " (the one that is laid out cannot be it: " + faults + ")");
    }

    /** Where there are several: who leads, and what each lacks. */
    private static List<String> clusters(JsonNode status) {
        List<String> lines = new ArrayList<>();
        JsonNode lead = status.path("lead");
        if (status.path("clusters").size() > 1) {
            String whose = text(lead, "cluster").isEmpty() ? "nobody leads yet" : "lead " + text(lead, "cluster");
            lines.add(whose + ", epoch " + text(lead, "epoch") + "; this cluster " + text(lead, "role"));
            lines.add("");
            lines.add(String.format(CLUSTER, "CLUSTER", "STANDS AT", "HEARD", "LACKS", "SINCE"));
            status.path("clusters").forEach(one -> lines.addAll(cluster(one)));
        }
        return lines;
    }

    private static List<String> cluster(JsonNode one) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                CLUSTER,
                text(one, "name"),
                one.has("phase") ? text(one, "phase") + " " + text(one, "generation") : "-",
                one.path("is-ours").asBoolean(false) ? "is ours" : text(one, "heard"),
                text(one, "lacks"),
                text(one, "since")));
        if (one.has("trouble")) {
            lines.add("  does not report since " + text(one, "silent-since") + ": " + text(one, "trouble"));
        }
        return lines;
    }

    private static String plane(JsonNode one) {
        return String.format(
                PLANE,
                text(one, "name"),
                text(one, "roots-from"),
                one.path("roots").valueStream().map(JsonNode::asString).collect(Collectors.joining(",")),
                text(one, "issuer"),
                text(one, "seen"));
    }

    private static String missing(JsonNode one) {
        return "  " + text(one, "gate") + " (" + text(one, "wants") + "?)  " + text(one, "who") + ": "
                + text(one, "lacks")
                + (one.has("since") ? ", since " + text(one, "since") : "")
                + (one.has("until") ? ", at the latest until " + text(one, "until") : "");
    }

    private static String root(JsonNode node, String key) {
        String whole = text(node, key);
        return whole.length() > ROOT_CHARS ? whole.substring(0, ROOT_CHARS) : whole;
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asString("-");
    }
}
