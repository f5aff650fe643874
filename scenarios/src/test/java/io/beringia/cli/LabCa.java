package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.cli.CaCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** {@code beringia ca} in one directory, as an operator would use it. */
record LabCa(Path directory) {
    static LabCa in(Path directory) {
        return new LabCa(directory);
    }

    /** Throws what it said where it failed. */
    void run(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, "--dir", directory.toString()));
        arguments.addAll(List.of(options));
        StringWriter said = new StringWriter();
        int code = new CommandLine(new CaCommand())
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute(arguments.toArray(String[]::new));
        assertThat(code).as(said.toString()).isZero();
    }
}
