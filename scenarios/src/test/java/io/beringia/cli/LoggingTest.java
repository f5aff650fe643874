package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process of its own says on its standard error, with the configuration of logs that we ship. */
final class LoggingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void a_broken_manifest_is_named_with_file_and_line_and_the_text_of_a_file_forges_no_line() throws Exception {
        Files.createDirectory(directory.resolve("manifests"));
        Files.writeString(directory.resolve("manifests/shop.yaml"), """
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop}
                ---
                apiVersion: v1
                kind: "Deployment\\nforged"
                """);
        Path log = directory.resolve("log");
        Process process = start(log);
        try {
            await("it is said")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(log)
                            .content()
                            .contains("WARN", "manifest is broken, the rest is served", "where=shop.yaml:5"));
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readAllLines(log)).as("lines").noneMatch(line -> line.startsWith("forged"));
    }

    private Process start(Path log) throws IOException {
        Files.writeString(directory.resolve("region.yaml"), """
                region: us-east
                cluster: east-1
                network: net-east
                admin: 127.0.0.1:%d
                roles:
                  kube: {listen: "127.0.0.1:%d", manifests: manifests, probes: false}
                """.formatted(freePort(), freePort()));
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Beringia.class.getName(),
                        "run",
                        "--end-with-input",
                        "--config",
                        directory.resolve("region.yaml").toString()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(log.toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
