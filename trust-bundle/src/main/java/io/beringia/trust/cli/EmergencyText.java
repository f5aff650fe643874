package io.beringia.trust.cli;

import io.beringia.trust.rotation.Gate;
import io.beringia.trust.rotation.RotationRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What an emergency would do and break, for somebody who was woken up by it. Pure. */
final class EmergencyText {
    private static final int NAMED_MAX = 20;
    private static final int ROOT_CHARS = 12;

    private EmergencyText() {}

    static List<String> of(JsonNode answer, int percent) {
        JsonNode status = answer.path("status");
        if (status.isMissingNode()) {
            return RotateTables.answer(answer);
        }
        String lost = status.path(status.has("root") ? "root" : "from").asString("-");
        List<String> late = late(status);
        List<String> lines = new ArrayList<>();
        lines.add("NOTHING HAS BEEN DONE. This is what would be, if the key of root " + shown(lost) + " is lost:");
        lines.add("stands at " + status.path("phase").asString("-") + ", to "
                + (status.has("to")
                        ? "root " + shown(status.path("to").asString("-"))
                        : "the root above the intermediate in rotation.next"));
        lines.add("");
        int planes = status.path("planes-total").asInt(0);
        lines.addAll(steps(planes, percent));
        if (planes == 0) {
            lines.add("  no data plane is known yet: ask again, for a role that was just started lists them first");
        }
        lines.add("");
        lines.addAll(breaks(status, late));
        lines.add("");
        lines.add("not waited for any more: " + words(RotationRules.droppedInEmergency()));
        lines.add("still waited for:        " + words(RotationRules.neverDropped()));
        lines.add("");
        lines.addAll(untilThen(lost));
        lines.add("to do it, add: --root " + shown(lost));
        return lines;
    }

    private static List<String> steps(int planes, int percent) {
        String share = percent + " % of the data planes, " + share(planes, percent) + " of " + planes;
        return List.of(
                "what happens, without anybody's further order:",
                "  the next root is trusted beside the old one",
                "  " + share + ", trust it: every cluster signs under it, all at once, and nobody is probed",
                "  " + share + ", have a leaf under it: the old root is withdrawn",
                "  in the end say key-destroyed, once every denylist names the old root");
    }

    private static List<String> breaks(JsonNode status, List<String> late) {
        List<String> lines = new ArrayList<>();
        lines.add("what breaks:");
        lines.add("  whoever is late is refused by all others, and refuses them, until it renews: restart it");
        lines.add("  those with their roots from their leaf (a ztunnel) renew at half of its life: restart them first");
        lines.add("  partners of other trust domains refuse us until they fetch our bundle");
        lines.add("  rollback is refused: there is no way back");
        status.path("clusters")
                .valueStream()
                .filter(one -> one.has("trouble"))
                .forEach(one -> lines.add("  cluster " + one.path("name").asString("-")
                        + " does not report: all of it is cut off until it does"));
        if (!late.isEmpty()) {
            lines.add("late now, " + late.size() + ":");
            late.stream().limit(NAMED_MAX).forEach(name -> lines.add("  " + name));
        }
        if (late.size() > NAMED_MAX) {
            lines.add("  and " + (late.size() - NAMED_MAX) + " more, see status");
        }
        return lines;
    }

    private static List<String> untilThen(String lost) {
        return List.of(
                "Until the old root is withdrawn whoever has its key can be anybody. To end that at once, and with it every",
                "connection under that root, add this line to the denylist of every process:",
                "  certificate " + lost,
                "");
    }

    /** Those that were not seen to trust the next root; all of them where nobody has heard of it. */
    private static List<String> late(JsonNode status) {
        String next = shown(status.path("to").asString(""));
        return status.path("planes")
                .valueStream()
                .filter(plane -> next.isEmpty()
                        || plane.path("roots")
                                .valueStream()
                                .map(JsonNode::asString)
                                .noneMatch(next::equals))
                .map(plane -> plane.path("name").asString("-"))
                .toList();
    }

    /** The smallest number that is that share. */
    private static long share(int planes, int percent) {
        return ((long) planes * percent + 99) / 100;
    }

    private static String words(List<Gate> gates) {
        return gates.stream()
                .map(gate -> gate.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
    }

    private static String shown(String root) {
        return root.length() > ROOT_CHARS ? root.substring(0, ROOT_CHARS) : root;
    }
}
