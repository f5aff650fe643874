package io.beringia.scenarios.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TemplateTest {
    @Test
    void every_name_gets_its_value() {
        assertThat(new Template("x.yaml", "a: ${one}\nb: ${two}/${one}\n").filled(Map.of("one", "1", "two", "2")))
                .isEqualTo("a: 1\nb: 2/1\n");
    }

    @Test
    void a_name_without_value_is_told() {
        assertThatThrownBy(() -> new Template("x.yaml", "a: ${three}\n").filled(Map.of("one", "1")))
                .hasMessageContaining("x.yaml: ${three} has no value");
    }

    @Test
    void a_file_that_the_distribution_lacks_is_named() {
        assertThatThrownBy(() -> Template.read("nothing.yaml"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nothing.yaml is missing");
    }
}
