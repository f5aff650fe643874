package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.trust.cli.CaCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The roles {@code zookeeper} and {@code failover} of one process, and an operator who asks it. */
final class FailoverRolesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int api = freePort();

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void make_identities() {
        ca("root", "--demo", "--trust-domain", "corp.example");
        ca("intermediate", "--name", "lab");
        for (String account : List.of("failover", "operator")) {
            ca(
                    "workload",
                    "--name",
                    "lab",
                    "--namespace",
                    "beringia-system",
                    "--service-account",
                    account,
                    "--out",
                    directory.resolve(account).toString());
        }
    }

    @Test
    void a_witness_leads_and_an_operator_sends_a_region_away() throws IOException {
        try (RegionProcess process = RegionProcess.start(config(), new Startup(new CountDownLatch(1), word -> {}))) {
            await().atMost(PATIENCE).until(() -> process.awaited().isEmpty());
            await().atMost(PATIENCE).until(() -> region("status").code() == ExitCode.DONE);
            assertThat(region("status").text())
                    .contains("led from witness", "single machine: no ensemble quorum", "us-west  never heard");

            assertThat(region("evacuate", "us-east", "--reason", "test", "--expires", "1h"))
                    .as("nobody says that another region can prove itself")
                    .satisfies(said -> assertThat(said.text()).contains("blocked by TRUST"))
                    .satisfies(said -> assertThat(said.code()).isEqualTo(3));
            assertThat(region("evacuate", "us-east", "--reason", "test", "--expires", "1h", "--override-rule", "TRUST"))
                    .satisfies(said -> assertThat(said.text()).contains("applied: us-east ACTIVE -> EVACUATING"))
                    .satisfies(said -> assertThat(said.code()).isZero());
            assertThat(region("evacuate", "us-west", "--reason", "test", "--expires", "1h")
                            .code())
                    .as("blocked by a rule")
                    .isEqualTo(3);
        }
        assertThat(region("status").code()).as("after the end").isEqualTo(ExitCode.FAILED);
    }

    private RegionConfig config() throws IOException {
        return RegionConfigFile.read(
                Files.writeString(directory.resolve("witness.yaml"), """
                region: witness
                cluster: witness-1
                network: net-witness
                admin: "127.0.0.1:%1$d"
                roles:
                  zookeeper: {listen: "127.0.0.1:%2$d", data: zookeeper}
                  failover:
                    mesh: demo
                    mode: auto
                    operator-api: "127.0.0.1:%3$d"
                    sites:
                      us-east: {discovery: [{address: "127.0.0.1:1", id: "spiffe://corp.example/ns/b/sa/d"}]}
                      us-west: {discovery: [{address: "127.0.0.1:1", id: "spiffe://corp.example/ns/b/sa/d"}]}
                      witness: {witness: true, discovery: [{address: "127.0.0.1:1", id: "spiffe://corp.example/ns/b/sa/d"}]}
                    leaders: ["spiffe://corp.example/ns/beringia-system/sa/failover"]
                    operators: ["spiffe://corp.example/ns/beringia-system/sa/operator"]
                    identity-from:
                      files:
                        chain: failover/workload-cert-chain.pem
                        key: failover/key.pem
                        bundles: {corp.example: failover/root-cert.pem}
                """.formatted(freePort(), freePort(), api)));
    }

    private record Said(int code, String text) {}

    private Said region(String... command) {
        Path own = directory.resolve("operator");
        List<String> arguments = new ArrayList<>(List.of("region"));
        arguments.addAll(List.of(command));
        arguments.addAll(List.of("--api", "127.0.0.1:" + api, "--identity"));
        arguments.add(own.resolve("workload-cert-chain.pem") + "," + own.resolve("key.pem") + ","
                + own.resolve("root-cert.pem"));
        StringWriter said = new StringWriter();
        int code = Beringia.commandLine(Map.of())
                .setOut(new PrintWriter(said, true))
                .setErr(new PrintWriter(said, true))
                .execute(arguments.toArray(String[]::new));
        return new Said(code, said.toString());
    }

    private void ca(String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(1, List.of("--dir", directory.toString()));
        assertThat(new CommandLine(new CaCommand())
                        .setOut(new PrintWriter(Writer.nullWriter()))
                        .execute(arguments.toArray(String[]::new)))
                .as(command[0])
                .isZero();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new IllegalStateException("port: none free", none);
        }
    }
}
