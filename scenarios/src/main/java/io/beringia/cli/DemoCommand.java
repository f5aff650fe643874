package io.beringia.cli;

import io.beringia.scenarios.demo.Demo;
import io.beringia.scenarios.drill.Verdict;
import io.beringia.scenarios.drill.VerdictFiles;
import io.beringia.scenarios.drill.VerdictTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main job once through on this machine; exit 0 only if every expectation held. */
@Command(
        name = "demo",
        description = "Two regions on this machine: an application goes unready, a region is lost; count what failed.")
final class DemoCommand implements Callable<Integer> {
    private static final int PER_SECOND_PER_CORE = 20;
    private static final int PER_SECOND_MAX = 200;
    /** An INVALID run says that this machine was too busy; once more is fair, more often is not. */
    private static final int INVALID_RUNS_MAX = 2;

    @Option(
            names = "--dir",
            defaultValue = "target/demo",
            description = "Where results go (default: ${DEFAULT-VALUE}).")
    private Path directory;

    @Option(
            names = "--attempts",
            defaultValue = "1",
            paramLabel = "N",
            description = "Play it again after a failure, N times in all; every verdict is shown (default: 1).")
    private int attempts;

    @Option(names = "--keep", description = "Leave everything running at the end, and say how to look around.")
    private boolean keep;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        long start = System.nanoTime();
        for (int run = 1; ; run++) {
            Verdict.Outcome outcome = play(run, out, start);
            if (outcome == Verdict.Outcome.SUCCEEDED || run >= runsAfter(outcome)) {
                return outcome == Verdict.Outcome.SUCCEEDED ? ExitCode.DONE : ExitCode.FAILED;
            }
        }
    }

    private int runsAfter(Verdict.Outcome outcome) {
        return outcome == Verdict.Outcome.INVALID ? Math.max(attempts, INVALID_RUNS_MAX) : attempts;
    }

    private Verdict.Outcome play(int run, PrintWriter out, long start) throws IOException, InterruptedException {
        Demo.Plan plan = new Demo.Plan(fresh(run), perSecond(), step -> say(out, start, step));
        Demo.Result result = Demo.run(plan, (played, guide) -> show(played, guide, out));
        return result.verdict().outcome();
    }

    /** While everything still runs. */
    private void show(Demo.Result result, String guide, PrintWriter out) throws IOException {
        VerdictFiles.write(result.verdict(), result.outcomes(), directory);
        out.println();
        out.println(VerdictTable.print(result.verdict()));
        out.println("see " + directory.resolve("report.html") + " and " + directory.resolve("verdict.json"));
        out.flush();
        if (keep) {
            out.println(guide);
            out.flush();
            awaitEndOfInput();
        }
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // Enter means nothing; only the end of the input does, or a signal.
        }
    }

    /** Nothing of an earlier run is read again: journals and certificates belong to one run. */
    private Path fresh(int run) throws IOException {
        Files.createDirectories(directory);
        return Files.createTempDirectory(directory.toAbsolutePath(), "run-" + run + "-");
    }

    private static int perSecond() {
        return Math.min(
                PER_SECOND_MAX, PER_SECOND_PER_CORE * Runtime.getRuntime().availableProcessors());
    }

    private static void say(PrintWriter out, long start, String step) {
        out.printf("%4d s  %s%n", Duration.ofNanos(System.nanoTime() - start).toSeconds(), step);
        out.flush();
    }
}
