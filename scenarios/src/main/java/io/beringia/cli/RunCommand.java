package io.beringia.cli;

import io.beringia.gateway.drain.DrainConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the roles of one configuration file until it is told to end: by a signal, or by the end of its input if asked. */
@Command(name = "run", description = "Run the roles of a region, as its configuration says.")
final class RunCommand implements Callable<Integer> {
    /** How often a start that still waits says for what. */
    private static final int PROGRESS_SECONDS = 2;
    /** After a signal the roles have this long to end, beside what gateways and hosts need to drain; then we go without them. */
    private static final Duration CLOSE = Duration.ofSeconds(10);

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration, in YAML.")
    private Path config;

    @Option(names = "--check", description = "Only read the configuration, and say whether it is right.")
    private boolean checkOnly;

    @Option(
            names = "--end-with-input",
            description = "End when standard input does, so that a runner that dies leaves nothing behind.")
    private boolean endWithInput;

    @Spec
    private CommandSpec spec;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public Integer call() throws IOException, InterruptedException {
        RegionConfig read = RegionConfigFile.read(config);
        PrintWriter out = spec.commandLine().getOut();
        if (checkOnly) {
            out.println(config + " is right");
            return ExitCode.DONE;
        }
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> endAndWait(closesWithin(read))));
        if (endWithInput) {
            Thread.ofPlatform().daemon().name("input").start(this::followInput);
        }
        try (RegionProcess process = RegionProcess.start(read, new Startup(ended, line -> say(out, line)))) {
            announce(out, read, process);
            ended.await();
        } finally {
            closed.countDown();
        }
        return ExitCode.DONE;
    }

    /** On a signal. The thread that started the roles ends them too, so nobody does it twice; logs end after them. */
    private void endAndWait(Duration within) {
        ended.countDown();
        try {
            if (!closed.await(within.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("beringia: roles did not end within " + within.toSeconds() + " s");
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } finally {
            LogManager.shutdown();
        }
    }

    /** Roles end one after the other. */
    private static Duration closesWithin(RegionConfig read) {
        return Stream.concat(
                        read.gateway().map(role -> role.config().drain()).stream(),
                        read.hosts().stream().map(role -> role.config().drain()))
                .map(DrainConfig::longest)
                .reduce(CLOSE, Duration::plus);
    }

    private void announce(PrintWriter out, RegionConfig read, RegionProcess process) throws InterruptedException {
        List<String> awaited = process.awaited();
        while (!awaited.isEmpty()) {
            say(out, "waiting for " + String.join(", ", awaited));
            if (ended.await(PROGRESS_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
            awaited = process.awaited();
        }
        say(out, read.region() + "/" + read.cluster() + " is ready, see http://" + read.admin() + "/healthz/ready");
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }

    private void followInput() {
        try {
            while (System.in.read() >= 0) {
                // Whatever is said there means nothing; only its end does.
            }
        } catch (IOException closed) {
            // As good as its end.
        }
        ended.countDown();
    }
}
