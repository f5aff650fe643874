package io.beringia.scenarios.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.scenarios.world.Scenario.Played;
import io.beringia.scenarios.world.Timeline.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Plays every scenario, and holds the report of them all against the one that is checked in. */
final class WorldTest {
    private static final Path RESOURCES = Path.of("src/test/resources/io/beringia/scenarios/world");
    private static final Pattern A_TEST = Pattern.compile("[A-Z][A-Za-z0-9]+Test\\b");

    @Test
    void every_scenario_is_as_the_report_says() throws IOException, InterruptedException {
        List<Played> all = played("");
        String report = WorldReport.of(faults(), all);
        Path checkedIn = RESOURCES.resolve("report.md");
        if (Boolean.getBoolean("world.regenerate")) {
            Files.writeString(checkedIn, report);
        }
        assertMet(all);
        assertThat(report).isEqualTo(Files.readString(checkedIn));
    }

    /** The same faults for as long as they may last. */
    @Tag("soak")
    @Test
    void hours_change_nothing() throws IOException, InterruptedException {
        assertMet(played("hours/"));
    }

    @Test
    void every_fault_is_played_or_says_where_it_is_shown_or_what_it_waits_for() throws IOException {
        assertThat(faults())
                .extracting(Fault::row)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, Fault.ROWS).boxed().toList());
        assertThat(Fault.elsewhere())
                .allSatisfy(fault -> assertThat(fault.shownBy())
                        .as("row " + fault.row())
                        .matches("not built: .+|a matter of [a-zA-Z ]+: [A-Z]\\w+Test(, [A-Z]\\w+Test)*"));
    }

    @Test
    void whoever_is_named_as_proof_exists() throws IOException {
        Set<String> tests = tests();
        for (Fault fault : Fault.elsewhere()) {
            Matcher named = A_TEST.matcher(fault.shownBy());
            while (named.find()) {
                assertThat(tests).as("row " + fault.row()).contains(named.group());
            }
        }
    }

    private static void assertMet(List<Played> all) {
        assertThat(all)
                .isNotEmpty()
                .allSatisfy(played -> assertThat(played.findings())
                        .as(() -> played.scenario().name() + "\n" + timeline(played))
                        .allMatch(Finding::isMet));
    }

    private static String timeline(Played played) {
        return played.events().stream().map(Event::toString).collect(Collectors.joining("\n"));
    }

    private static List<Fault> faults() throws IOException {
        List<Fault> faults = new ArrayList<>(Fault.elsewhere());
        for (String name : names("")) {
            Scenario.read(name).fault().ifPresent(faults::add);
        }
        return faults.stream().sorted(Comparator.comparingInt(Fault::row)).toList();
    }

    private static List<Played> played(String folder) throws IOException, InterruptedException {
        List<Played> all = new ArrayList<>();
        for (String name : names(folder)) {
            all.add(Scenario.read(name).play());
        }
        return all;
    }

    private static List<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES.resolve(folder))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".txt") && !file.equals("elsewhere.txt"))
                    .map(file -> folder + file.substring(0, file.length() - ".txt".length()))
                    .sorted()
                    .toList();
        }
    }

    private static Set<String> tests() throws IOException {
        try (Stream<Path> files = Files.find(
                Path.of(".."), 20, (file, attributes) -> file.toString().matches(".*/src/test/java/.*Test\\.java"))) {
            return files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
    }
}
