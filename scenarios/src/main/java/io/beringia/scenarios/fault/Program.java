package io.beringia.scenarios.fault;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Small programs that are run to their end, such as {@code ip} and {@code nft}. Any thread. */
public final class Program {
    /** Each of them does one thing of the kernel's; longer than that it is stuck. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Program() {}

    /** What it said. Throws {@link IOException} with that and the command if it failed. */
    public static String run(String... command) throws IOException {
        return run(List.of(command), "");
    }

    /** The same, with a text on its input. */
    static String run(List<String> command, String input) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said + " (expected: success, as root)");
            }
            return said;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(String.join(" ", command) + ": interrupted");
        } finally {
            process.destroyForcibly();
        }
    }
}
