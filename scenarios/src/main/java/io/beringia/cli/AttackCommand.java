package io.beringia.cli;

import io.beringia.scenarios.attack.AttackPack;
import io.beringia.scenarios.attack.AttackReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** What hostile peers do to a gateway, one after the other; exit 0 only if no bar was broken. */
@Command(name = "attack", hidden = true, description = "Attack a gateway, and see what it costs and who notices.")
final class AttackCommand implements Callable<Integer> {
    @Option(
            names = "--dir",
            defaultValue = "target/attack",
            description = "Where results go (default: ${DEFAULT-VALUE}).")
    private Path directory;

    @Option(names = "--only", split = ",", paramLabel = "ID", description = "Only these attacks, A1 and so on.")
    private List<String> only = List.of();

    @Option(names = "--output", defaultValue = "table", paramLabel = "table|json", description = "How to show it.")
    private ConnectSuiteCommand.Output output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Set<String> chosen = chosen();
        long start = System.nanoTime();
        Files.createDirectories(directory);
        Path run = Files.createTempDirectory(directory.toAbsolutePath(), "run-");
        AttackReport report;
        try (AttackPack pack = AttackPack.in(run, step -> say(start, step))) {
            report = pack.run(chosen);
        }
        String json =
                JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(report.tree());
        Files.writeString(directory.resolve("attack.txt"), report.table() + "\n");
        Files.writeString(directory.resolve("attack.json"), json + "\n");
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                switch (output) {
                    case table -> report.table();
                    case json -> json;
                });
        out.flush();
        return report.isAnyBroken() ? ExitCode.FAILED : ExitCode.DONE;
    }

    private Set<String> chosen() {
        List<String> known = AttackPack.ids();
        for (String id : only) {
            if (!known.contains(id)) {
                throw new ParameterException(spec.commandLine(), "--only: " + id + " (expected: one of " + known + ")");
            }
        }
        return new LinkedHashSet<>(only);
    }

    private void say(long start, String step) {
        PrintWriter err = spec.commandLine().getErr();
        err.printf("%4d s  %s%n", Duration.ofNanos(System.nanoTime() - start).toSeconds(), step);
        err.flush();
    }
}
