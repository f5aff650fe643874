package io.beringia.scenarios.fault;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@link LinkEmulator} that runs, and the rules of the hub by which packets come to it. Its route is gone with it, so that
 * rules which nobody took away lead nowhere else. Owned by the runner's thread.
 */
final class EmulatorProcess {
    /** A JVM on a busy machine. */
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /** Tables of routes that nobody else numbers so. */
    private static final int FIRST_TABLE = 1_000;

    private final Process process;
    private final Residue.Child residue;
    private final Path log;
    private final int table;
    private final List<LinkFault.Way> ways;
    private final Duration longest;

    private EmulatorProcess(Process process, Path log, int table, List<LinkFault.Way> ways, Duration longest) {
        this.process = process;
        this.residue = Residue.Child.of(process.toHandle());
        this.log = log;
        this.table = table;
        this.ways = ways;
        this.longest = longest;
    }

    /**
     * Which of the faults of a run it is, and what it does.
     *
     * @param number of the fault, each once
     */
    record Part(int number, String model, long seed) {}

    /** Returns at once, and its log says nothing of an earlier one; {@link #awaitReady} waits for it. */
    static EmulatorProcess start(List<String> command, Part part, List<LinkFault.Way> ways, Path logs)
            throws IOException {
        int table = FIRST_TABLE + part.number();
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("--device", "emulated" + part.number(), "--table", Integer.toString(table)));
        words.addAll(List.of("--model", part.model(), "--seed", Long.toString(part.seed())));
        ways.forEach(way -> words.addAll(
                List.of("--way", way.from().number() + ">" + way.to().number())));
        Path log = logs.resolve("link-emulator-" + part.number() + ".log");
        Files.deleteIfExists(log);
        Duration longest = LinkModel.parse(part.model()).longest();
        return new EmulatorProcess(ChildProcesses.process(words, log), log, table, ways, longest);
    }

    Residue.Child residue() {
        return residue;
    }

    /** Sends packets there: it must be ready. */
    void lead(List<String> hub) throws IOException {
        rules(hub, "add");
    }

    /** Lets what it holds leave first. Throws {@link IOException} if it had ended before. */
    void end(List<String> hub) throws IOException {
        boolean stood = process.isAlive();
        rules(hub, "del");
        ChildProcesses.closePipe(process);
        ChildProcesses.endBy(
                process,
                System.nanoTime() + longest.plus(ChildProcesses.PATIENCE).toNanos());
        if (!stood) {
            throw new IOException("emulated link: over before it was lifted (expected: still there); see " + log);
        }
    }

    /** Only what comes from the sites' own links: what it gives back goes on. */
    private void rules(List<String> hub, String verb) throws IOException {
        for (LinkFault.Way way : ways) {
            Program.run(
                    LinkFaults.joined(
                            hub,
                            List.of(
                                    "ip",
                                    "rule",
                                    verb,
                                    "from",
                                    way.from().prefix(),
                                    "to",
                                    way.to().prefix(),
                                    "iif",
                                    way.from().link(),
                                    "lookup",
                                    Integer.toString(table))),
                    "");
        }
    }

    /** Until it takes packets. Throws {@link IOException} with what it said if it ends instead, or takes too long. */
    void awaitReady() throws IOException {
        long end = System.nanoTime() + READY_WITHIN.toNanos();
        while (Files.readAllLines(log).stream().noneMatch(line -> line.startsWith(LinkEmulator.READY))) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                throw new IOException("emulated link: " + Files.readString(log).strip() + " (expected: ready)");
            }
            pause();
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("emulated link: interrupted");
        }
    }
}
