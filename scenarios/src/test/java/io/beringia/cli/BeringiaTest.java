package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

final class BeringiaTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void help_names_every_command() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("Usage: beringia", "version");
    }

    @Test
    void no_command_is_a_question_answered_with_the_usage() {
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("Usage: beringia");
    }

    @Test
    void version_names_the_program_and_its_java() {
        assertThat(run("version")).isZero();
        assertThat(out.toString()).startsWith("beringia ").contains("java 25");
    }

    @Test
    void a_wrong_option_is_one_line_and_exit_code_two() {
        assertThat(run("version", "--colour")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString().lines()).hasSize(1).first().asString().contains("--colour");
    }

    @Test
    void a_failure_is_one_line_without_a_stack_trace_and_exit_code_one() {
        assertThat(run("fail")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).isEqualTo("beringia: disk: full (expected: some room)\n");
    }

    @Test
    void each_problem_of_a_configuration_is_a_line(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("region.yaml"), "regio: us-east\nnetwork: net\nroles: {}\n");
        assertThat(run("run", "--check", "--config", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString().lines())
                .containsExactly(
                        "beringia: " + file + ": 3 problems:",
                        "  line 1: region: missing (expected: a value)",
                        "  line 1: cluster: missing (expected: a value)",
                        "  line 1: regio: unknown key (did you mean region?)");
    }

    @Test
    void verbose_shows_the_stack_trace() {
        assertThat(run("--verbose", "fail")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("at io.beringia.cli");
    }

    @Test
    void the_debug_variable_shows_the_stack_trace() {
        CommandLine command = command(Map.of("BERINGIA_DEBUG", "1"));
        assertThat(command.execute("fail")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("at io.beringia.cli");
    }

    private int run(String... args) {
        return command(Map.of()).execute(args);
    }

    private CommandLine command(Map<String, String> environment) {
        return Beringia.commandLine(environment)
                .addSubcommand(new Fail())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
    }

    @Command(name = "fail")
    private static final class Fail implements Runnable {
        @Override
        public void run() {
            throw new IllegalStateException("disk: full (expected: some room)");
        }
    }
}
