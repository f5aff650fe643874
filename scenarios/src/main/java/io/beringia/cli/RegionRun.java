package io.beringia.cli;

import io.beringia.gateway.drain.DrainConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;

/**
 * One life of a process: starts its roles, says what is awaited, and ends them when it is told to, by a signal or by
 * {@link #end}. Tells systemd of it where that asked. Owned by the thread that calls {@link #run}.
 */
final class RegionRun {
    /** How often a start that still waits says for what. */
    private static final int PROGRESS_SECONDS = 2;
    /** After a signal the roles have this long to end, beside what gateways and hosts need to drain; then we go without them. */
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final PrintWriter out;
    private final SystemdNotify systemd;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    RegionRun(PrintWriter out, Map<String, String> environment) {
        this.out = out;
        this.systemd = SystemdNotify.of(environment);
    }

    /** Any thread. The process is to end. */
    void end() {
        ended.countDown();
    }

    /** Returns when all has ended. */
    void run(RegionConfig config) throws IOException, InterruptedException {
        Duration within = closesWithin(config);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> endAndWait(within)));
        CompilerThreads.stepBack();
        try (RegionProcess process = RegionProcess.start(config, new Startup(ended, this::waits))) {
            announce(config, process);
            ended.await();
            systemd.stopping(within);
        } finally {
            closed.countDown();
        }
    }

    /** On a signal. The thread that started the roles ends them too, so nobody does it twice; logs end after them. */
    private void endAndWait(Duration within) {
        end();
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

    private void announce(RegionConfig config, RegionProcess process) throws InterruptedException {
        List<String> awaited = process.awaited();
        while (!awaited.isEmpty()) {
            waits("waiting for " + String.join(", ", awaited));
            if (ended.await(PROGRESS_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
            awaited = process.awaited();
        }
        systemd.ready();
        say(config.region() + "/" + config.cluster() + " is ready, see http://" + config.admin() + "/healthz/ready");
    }

    private void waits(String line) {
        systemd.status(line);
        say(line);
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
