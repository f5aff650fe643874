package io.beringia.cli;

import io.beringia.scenarios.drill.Summary;
import io.beringia.scenarios.drill.Verdict;
import io.beringia.scenarios.drill.VerdictFiles;
import io.beringia.scenarios.drill.VerdictTable;
import io.beringia.scenarios.drill.play.DrillRun;
import io.beringia.scenarios.drill.play.Drills;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code beringia drill}: regions that are lost on purpose, in network namespaces of their own. */
@Command(
        name = "drill",
        description = "Break a mesh of two regions and a witness on purpose, and count what failed.",
        subcommands = {
            DrillCommand.Run.class,
            DrillCommand.Names.class,
            DrillCommand.Report.class,
            DrillCommand.Play.class
        })
final class DrillCommand implements Runnable {
    private static final String DIRECTORY = "target/drills";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** What there is. */
    @Command(name = "list", description = "Name the drills of the library.")
    static final class Names implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            for (Drills.Entry entry : Drills.library()) {
                spec.commandLine().getOut().printf("%-24s %s%n", entry.name(), entry.hypothesis());
            }
            return ExitCode.DONE;
        }
    }

    /** Plays them one after the other. */
    @Command(name = "run", description = "Play drills, as root; all of the library if none is named.")
    static final class Run implements Callable<Integer> {
        private static final String REQUIRED = "REQUIRE_CHAOS";

        @Parameters(paramLabel = "DRILL", arity = "0..*")
        private List<String> names = new ArrayList<>();

        @Option(
                names = "--dir",
                defaultValue = DIRECTORY,
                description = "Where results go (default: ${DEFAULT-VALUE}).")
        private Path directory;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            Optional<String> lack = Drills.whyNot();
            if (lack.isPresent()) {
                spec.commandLine().getErr().println("drills: SKIPPED, " + lack.get());
                return "1".equals(System.getenv(REQUIRED)) ? ExitCode.FAILED : ExitCode.DONE;
            }
            Files.createDirectories(directory);
            Path run = Files.createTempDirectory(directory.toAbsolutePath(), "run-");
            boolean allSucceeded = true;
            for (String name : names.isEmpty() ? all() : names) {
                allSucceeded &= Drills.run(name, run.resolve(name));
            }
            spec.commandLine().getOut().println(Summary.below(run).table());
            return allSucceeded ? ExitCode.DONE : ExitCode.FAILED;
        }

        private static List<String> all() throws IOException {
            return Drills.library().stream().map(Drills.Entry::name).toList();
        }
    }

    /** All that was played. */
    @Command(name = "report", description = "Show what drills came to, from the verdicts that they wrote.")
    static final class Report implements Callable<Integer> {
        @Option(names = "--dir", defaultValue = DIRECTORY, description = "Where they are (default: ${DEFAULT-VALUE}).")
        private Path directory;

        @Option(names = "--output", defaultValue = "table", paramLabel = "table|json", description = "How to show it.")
        private Output output;

        @Spec
        private CommandSpec spec;

        /** How results are shown. */
        enum Output {
            table,
            json
        }

        @Override
        public Integer call() throws IOException {
            Summary summary = Summary.below(directory);
            spec.commandLine()
                    .getOut()
                    .println(
                            switch (output) {
                                case table -> summary.table();
                                case json ->
                                    JsonMapper.shared()
                                            .writerWithDefaultPrettyPrinter()
                                            .writeValueAsString(summary.verdicts());
                            });
            return ExitCode.DONE;
        }
    }

    /** The runner of one drill, in the hub of its testbed. */
    @Command(name = "play", hidden = true, description = "Play one drill where its namespaces are.")
    static final class Play implements Callable<Integer> {
        @Parameters(paramLabel = "DRILL")
        private String name;

        @Option(names = "--testbed", required = true, description = "How the names of its namespaces begin.")
        private String testbed;

        @Option(names = "--dir", required = true, description = "Where everything goes.")
        private Path directory;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            PrintWriter out = spec.commandLine().getOut();
            long start = System.nanoTime();
            DrillRun.Result result = DrillRun.play(name, testbed, directory, step -> {
                out.printf(
                        "%4d s  %s: %s%n",
                        Duration.ofNanos(System.nanoTime() - start).toSeconds(), name, step);
                out.flush();
            });
            VerdictFiles.write(result.verdict(), result.outcomes(), directory);
            out.println();
            out.println(VerdictTable.print(result.verdict()));
            out.println("see " + directory.resolve(VerdictFiles.PAGE));
            out.flush();
            return result.verdict().outcome() == Verdict.Outcome.SUCCEEDED ? ExitCode.DONE : ExitCode.FAILED;
        }
    }
}
