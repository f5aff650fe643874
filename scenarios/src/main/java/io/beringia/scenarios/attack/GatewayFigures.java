package io.beringia.scenarios.attack;

import io.beringia.scenarios.bench.ProcessFigures;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the kernel, the JVM and the admin port say of one gateway process. Blocking; any thread. */
public record GatewayFigures(long pid, String admin, Path log) {
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d{1,12}\\s+(\\d{1,15})\\s*$");
    private static final Pattern DIRECT = Pattern.compile("(?m)^gateway_memory_direct_bytes\\S* (\\S{1,30})$");
    private static final int PATIENCE_MILLIS = 5_000;

    /** Processor seconds until now, without those of the JVM's compilers. */
    double cpuSeconds() throws IOException {
        ProcessFigures figures = new ProcessFigures(pid);
        return figures.cpuSeconds() - figures.compilerSeconds();
    }

    /** Seconds until now for which its event loops wanted a processor and had none. */
    double loopWaitSeconds() throws IOException {
        return new ProcessFigures(pid).loopWaitSeconds();
    }

    /** What is reachable on its heap, after a full collection; empty where this Java has no {@code jcmd}. */
    public OptionalLong liveHeapBytes() throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(jcmd)) {
            return OptionalLong.empty();
        }
        Process asked = new ProcessBuilder(List.of(jcmd.toString(), Long.toString(pid), "GC.class_histogram"))
                .redirectErrorStream(true)
                .start();
        String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!asked.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            asked.destroyForcibly();
        }
        Matcher total = TOTAL.matcher(said);
        return total.find() ? OptionalLong.of(Long.parseLong(total.group(1))) : OptionalLong.empty();
    }

    public int descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return (int) open.count();
        }
    }

    /** Outside the heap, as Netty counts it. */
    long directBytes() throws IOException {
        return directBytes(metrics());
    }

    /** The same, of an answer of its admin port. */
    public static long directBytes(String metrics) throws IOException {
        Matcher direct = DIRECT.matcher(metrics);
        if (!direct.find()) {
            throw new IOException("metrics: no gateway_memory_direct_bytes (expected: that of a gateway)");
        }
        return (long) Double.parseDouble(direct.group(1));
    }

    /** Lines of metrics that are values. */
    long series() throws IOException {
        return metrics().lines().filter(line -> !line.startsWith("#")).count();
    }

    long logBytes() throws IOException {
        return Files.size(log);
    }

    private String metrics() throws IOException {
        HttpURLConnection asked = (HttpURLConnection)
                URI.create("http://" + admin + "/metrics").toURL().openConnection();
        asked.setConnectTimeout(PATIENCE_MILLIS);
        asked.setReadTimeout(PATIENCE_MILLIS);
        try (var body = asked.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
