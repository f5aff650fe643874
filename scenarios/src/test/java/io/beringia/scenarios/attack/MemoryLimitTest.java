package io.beringia.scenarios.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.beringia.scenarios.bench.Lab;
import io.beringia.scenarios.bench.LabConfigs;
import io.beringia.scenarios.connect.Frame;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A gateway in a control group with little memory, started by the launcher as it is shipped, while more tunnels and handshakes
 * stall than fit into it. As root; without it the test is skipped and says so, and REQUIRE_CGROUP=1 makes that a failure.
 */
@Tag("cgroup")
final class MemoryLimitTest {
    private static final long MIB = 1024 * 1024;
    private static final Duration FLOOD_MAX = Duration.ofMinutes(3);
    /** Looks at the neighbour while all of the flood stands. */
    private static final int ANSWERS = 100;

    private static final Duration PACE = Duration.ofMillis(20);
    /** What stalls is kept for so long before there is more of it. */
    private static final Duration HELD = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Of one identity, as many as a connection may have on each: more than one may have. */
    private static final Stalled MANY = new Stalled("many", 6, 200, 0);
    /** Together more than all tunnels may hold. */
    private static final Stalled FULL = new Stalled("full", 4, 100, 16);

    private static final int FRAME_BYTES = 16_000;
    private static final int HALF_HANDSHAKES = 100;
    private static final byte[] HALF_A_HELLO = {22, 3, 1, 4, 0, 1, 0, 3, (byte) 252, 3, 3};

    /** One peer's connections, the tunnels on each, and the frames of DATA on each tunnel. */
    private record Stalled(String account, int connections, int tunnels, int frames) {}

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void needs_a_group() {
        Optional<String> lack = MemoryGroup.whyNot();
        if (lack.isPresent() && "1".equals(System.getenv("REQUIRE_CGROUP"))) {
            throw new AssertionError("REQUIRE_CGROUP=1, but " + lack.get());
        }
        assumeTrue(lack.isEmpty(), () -> "cgroup: SKIPPED, " + lack.orElse(""));
    }

    @ParameterizedTest
    @ValueSource(ints = {192, 256})
    void a_gateway_is_never_killed_for_its_memory_and_serves_who_was_there(int mib) throws Exception {
        try (MemoryGroup group = MemoryGroup.of("bz-gateway", mib * MIB);
                Echo echo = Echo.listen(LabConfigs.BACKEND);
                Lab lab = Lab.in(Files.createDirectory(directory.resolve("lab")))) {
            start(lab, group);
            Site good = site(lab, "neighbour");
            AttackPack.awaitReady(good, lab, AttackPack.GATEWAY);
            try (Line neighbour = Line.greeted(good, new byte[0])) {
                neighbour.send(neighbour.connect(1));
                assertThat(neighbour.status(1, PATIENCE)).isEqualTo("200");

                long answered = flooded(lab, neighbour);

                System.out.printf(
                        "cgroup: %d MiB: %d MiB at most, %d killed, a neighbour was answered %d times meanwhile, %s%n",
                        mib,
                        group.peakBytes() / MIB,
                        group.kills(),
                        answered,
                        refusals().toList());
                assertThat(group.kills()).isZero();
                assertThat(lab.children().isRunning(AttackPack.GATEWAY)).isTrue();
                assertThat(answered).as("answers while all of it stood").isEqualTo(ANSWERS);
                assertThat(overloaded()).as("503").isPositive();
            }
            AttackPack.awaitReady(good, lab, AttackPack.GATEWAY);
            assertThat(group.kills()).isZero();
            assertThat(echo.accepted()).isPositive();
        }
    }

    @Test
    void whoever_may_have_less_than_is_enough_is_told_so() throws Exception {
        Path java =
                Files.createDirectories(directory.resolve("jdk").resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(directory.resolve("jdk").resolve("release"), "JAVA_VERSION=\"25\"\n");
        assertThat(saidWithin(191))
                .isEqualTo("beringia: this process may have 191 MiB of memory"
                        + " (expected: at least 192 MiB, with less the kernel may kill it)\n");
        assertThat(saidWithin(192)).isEmpty();
    }

    private String saidWithin(int mib) throws IOException, InterruptedException {
        try (MemoryGroup group = MemoryGroup.of("bz-told", mib * MIB)) {
            Process process = new ProcessBuilder(group.inside(List.of(
                            "env",
                            "JAVA_HOME=" + directory.resolve("jdk"),
                            launcher().toString(),
                            "run")))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said;
        }
    }

    private Path launcher() throws IOException {
        Path launcher = directory.resolve("bin").resolve("beringia");
        Files.createDirectories(launcher.getParent());
        return Files.copy(Path.of("src/main/dist/bin/beringia"), launcher, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The launcher, over the classes of this build. */
    private void start(Lab lab, MemoryGroup group) throws IOException {
        Path launcher = launcher();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        OutputStream jar = Files.newOutputStream(
                Files.createDirectories(directory.resolve("lib")).resolve("scenarios.jar"));
        new JarOutputStream(jar, manifest).close();
        Path config = Files.writeString(
                lab.directory().resolve("gateway.yaml"), LabConfigs.guarded(LabConfigs.WEST, LabConfigs.GATEWAY));
        lab.children()
                .start(
                        AttackPack.GATEWAY,
                        group.inside(List.of(
                                "env",
                                "JAVA_HOME=" + System.getProperty("java.home"),
                                launcher.toString(),
                                "run",
                                "--config",
                                config.toString(),
                                "--end-with-input")));
    }

    private static Site site(Lab lab, String account) {
        return new Site(
                LabConfigs.GATEWAY.hbone(),
                AttackPack.identity(lab.workload(LabConfigs.EAST, account)),
                LabConfigs.AUTHORITY);
    }

    /** How often the neighbour was answered, on the tunnel that it had before, while all of the flood stood and was refused more. */
    private static long flooded(Lab lab, Line neighbour) throws IOException, InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        Queue<AutoCloseable> open = new ConcurrentLinkedQueue<>();
        AtomicInteger whole = new AtomicInteger();
        long answered = 0;
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (Stalled hostile : List.of(MANY, FULL)) {
                Site site = site(lab, hostile.account());
                for (int i = 0; i < hostile.connections(); i++) {
                    threads.execute(() -> again(over, () -> {
                        stall(site, hostile, open);
                        whole.incrementAndGet();
                    }));
                }
            }
            threads.execute(() -> again(over, () -> stallHandshakes(open)));
            try {
                long deadline = System.nanoTime() + FLOOD_MAX.toNanos();
                while (answered < ANSWERS && System.nanoTime() < deadline) {
                    neighbour.send(new Frame(Frame.DATA, 0, 1, new byte[1]));
                    awaitEcho(neighbour);
                    answered += whole.get() >= MANY.connections() + FULL.connections() && overloaded() > 0 ? 1 : 0;
                    over.await(PACE.toMillis(), TimeUnit.MILLISECONDS);
                }
            } finally {
                over.countDown();
                open.forEach(MemoryLimitTest::close);
            }
        }
        return answered;
    }

    private static void awaitEcho(Line line) throws IOException {
        Frame frame = line.read(PATIENCE).orElseThrow(() -> new IOException("neighbour: closed (expected: an echo)"));
        while (frame.type() != Frame.DATA) {
            frame = line.read(PATIENCE).orElseThrow(() -> new IOException("neighbour: closed (expected: an echo)"));
        }
    }

    @FunctionalInterface
    private interface Attempt {
        void play() throws IOException;
    }

    private static void again(CountDownLatch over, Attempt attempt) {
        try {
            do {
                try {
                    attempt.play();
                } catch (IOException refused) {
                    // As it may be.
                }
            } while (!over.await(HELD.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tunnels whose bytes come back to nobody. */
    private static void stall(Site site, Stalled as, Queue<AutoCloseable> open) throws IOException {
        Line line = Line.greeted(site, new byte[0]);
        open.add(line);
        for (int stream = 1; stream < 2 * as.tunnels(); stream += 2) {
            line.send(line.connect(stream));
            for (int i = 0; i < as.frames(); i++) {
                line.send(new Frame(Frame.DATA, 0, stream, new byte[FRAME_BYTES]));
            }
        }
    }

    private static void stallHandshakes(Queue<AutoCloseable> open) throws IOException {
        for (int i = 0; i < HALF_HANDSHAKES; i++) {
            Socket socket = new Socket();
            open.add(socket);
            socket.connect(LabConfigs.GATEWAY.hbone(), (int) HELD.toMillis());
            socket.getOutputStream().write(HALF_A_HELLO);
        }
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception gone) {
            // Closed then.
        }
    }

    /** New tunnels that were answered with 503 for want of room. */
    private static double overloaded() throws IOException {
        return refusals()
                .filter(line -> line.contains("reason=\"overloaded\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static Stream<String> refusals() throws IOException {
        String admin = "http://[::1]:" + LabConfigs.GATEWAY.adminPort() + "/metrics";
        try (InputStream metrics = URI.create(admin).toURL().openStream()) {
            return new String(metrics.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("gateway_tunnels_refused_total{")
                            || line.startsWith("gateway_overload_changed_total{"));
        }
    }
}
