package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

final class ConfigSectionTest {
    private final List<String> problems = new ArrayList<>();

    @Test
    void an_unknown_key_is_named_with_the_nearest_known_one() {
        ConfigSection section = read("regoin: us-east");
        section.optional("region", Function.identity(), "");
        section.close();
        assertThat(problems).containsExactly("regoin: unknown key (did you mean region?)");
    }

    @Test
    void a_key_near_to_nothing_shows_what_is_known() {
        ConfigSection section = read("colour: red");
        section.optional("region", Function.identity(), "");
        section.close();
        assertThat(problems).containsExactly("colour: unknown key (known here: region)");
    }

    @Test
    void all_problems_are_told_at_once_with_their_paths() {
        ConfigSection section = read("gateway: {port: many, prot: 1}\nregion: [a]");
        section.required("region", Function.identity(), "");
        section.required("cluster", Function.identity(), "");
        section.section("gateway").ifPresent(gateway -> gateway.required("port", Integer::valueOf, 0));
        section.close();
        assertThat(problems)
                .containsExactly(
                        "region: [\"a\"] (expected: one value)",
                        "cluster: missing (expected: a value)",
                        "gateway.port: For input string: \"many\"",
                        "gateway.prot: unknown key (did you mean port?)");
    }

    @Test
    void a_value_where_a_mapping_belongs_is_a_problem() {
        assertThat(read("gateway: 15008").section("gateway")).isEmpty();
        assertThat(problems).containsExactly("gateway: 15008 (expected: a mapping)");
    }

    @ParameterizedTest
    @CsvSource({"250ms, PT0.25S", "5s, PT5S", "10m, PT10M", "2h, PT2H", "PT90S, PT1M30S", "1500ms, PT1.5S"})
    void durations_are_written_as_people_do(String text, Duration expected) {
        assertThat(ConfigSection.duration(text)).isEqualTo(expected);
    }

    private ConfigSection read(String yaml) {
        return ConfigSection.root(new YAMLMapper().readTree(yaml), problems);
    }
}
