package io.beringia.scenarios.world;

import io.beringia.scenarios.world.Scenario.Played;
import java.util.ArrayList;
import java.util.List;

/** All scenarios on one page: who shows which fault, and what was expected and measured. Pure. */
final class WorldReport {
    private WorldReport() {}

    /** @param faults in the order of their rows */
    static String of(List<Fault> faults, List<Played> all) {
        List<String> lines = new ArrayList<>();
        lines.add("# What the world does");
        lines.add("");
        lines.add(
                "Every scenario beside this file, played by the real rules on one virtual clock. Written by `WorldTest`;"
                        + " `-Dworld.regenerate=true` writes it anew.");
        lines.addAll(List.of("", "| row | fault | shown by |", "|---|---|---|"));
        faults.forEach(fault -> lines.add("| " + fault.row() + " | " + fault.text() + " | " + fault.shownBy() + " |"));
        all.forEach(played -> lines.addAll(section(played)));
        return String.join("\n", lines) + "\n";
    }

    private static List<String> section(Played played) {
        List<String> lines =
                new ArrayList<>(List.of("", "## " + played.scenario().name(), ""));
        lines.add(played.scenario().title());
        lines.addAll(List.of("", "| expected | measured | met |", "|---|---|---|"));
        played.findings()
                .forEach(one -> lines.add(
                        "| " + one.text() + " | " + one.measured() + " | " + (one.isMet() ? "yes" : "**no**") + " |"));
        return lines;
    }
}
