package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What testssl.sh says of every port of a region on which TLS is spoken: no more than that its CA is a private one. */
@Tag("testssl")
final class TlsScanTest {
    private static final int MINUTES_MAX = 20;
    private static final Set<String> FINE = Set.of("OK", "INFO", "DEBUG");

    /** Our certificates name workloads and live for a day, under roots that no browser knows. */
    private static final Map<String, String> OF_A_PRIVATE_CA = Map.of(
            "cert_trust", "no host name in an SVID",
            "cert_chain_of_trust", "no public root",
            "cert_revocation", "lives for a day instead",
            "cert_expirationStatus", "lives for a day",
            "cert_notAfter", "lives for a day",
            "DNS_CAArecord", "no name");

    private final Map<String, Integer> ports = Map.of(
            "hbone", freePort(), "relay", freePort(), "xds", freePort(), "peering", freePort(), "ca", freePort());
    private Optional<RegionProcess> region = Optional.empty();

    @TempDir
    private Path directory = Path.of("");

    TlsScanTest() throws IOException {}

    @BeforeEach
    void starts() throws IOException {
        LabCa.in(directory).run("root", "--demo", "--trust-domain", "corp.example");
        LabCa.in(directory).run("intermediate", "--name", "east-1");
        Files.createDirectory(directory.resolve("manifests"));
        Path file = Files.writeString(directory.resolve("region.yaml"), """
                region: us-east
                cluster: east-1
                network: net-east
                admin: "127.0.0.1:%d"
                roles:
                  kube: {listen: "127.0.0.1:%d", manifests: manifests, kubeconfig: kubeconfig}
                  trust:
                    listen: "127.0.0.1:%d"
                    id: spiffe://corp.example/ns/beringia-system/sa/trust
                    ca: east-1
                    demo: true
                  discovery:
                    trust-domain: corp.example
                    kube: {kubeconfig: kubeconfig, allow-plain-http: true}
                    xds: "127.0.0.1:%d"
                    peering: "127.0.0.1:%d"
                    gateways: {identities: ["spiffe://corp.example/ns/beringia-system/sa/gateway"]}
                    identity-from: %s
                  gateway:
                    name: gateway-0
                    hbone: "127.0.0.1:%d"
                    relay: "127.0.0.1:%d"
                    loops: 1
                    allow-loopback: true
                    drain: {accept: 0s, jitter: 0s, deadline: 1s}
                    identity-from: %s
                    catalog-from: {file: catalog.yaml}
                """.formatted(
                        freePort(),
                        freePort(),
                        ports.get("ca"),
                        ports.get("xds"),
                        ports.get("peering"),
                        identity("discovery"),
                        ports.get("hbone"),
                        ports.get("relay"),
                        identity("gateway")));
        Files.writeString(directory.resolve("catalog.yaml"), "{}\n");
        region = Optional.of(
                RegionProcess.start(RegionConfigFile.read(file), new Startup(new CountDownLatch(1), line -> {})));
    }

    @AfterEach
    void ends() {
        region.ifPresent(RegionProcess::close);
    }

    @Test
    void a_scan_finds_nothing_but_a_private_ca() throws Exception {
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, Integer> port : ports.entrySet()) {
            found.addAll(findings(port.getKey(), scan(port.getKey(), port.getValue())));
        }
        assertThat(found).isEmpty();
    }

    private Path scan(String name, int port) throws IOException, InterruptedException {
        Path result = directory.resolve(name + ".json");
        Process scan = new ProcessBuilder(
                        "testssl",
                        "--quiet",
                        "--color",
                        "0",
                        "--warnings",
                        "off",
                        "--openssl-timeout",
                        "20",
                        "--connect-timeout",
                        "20",
                        "--jsonfile",
                        result.toString(),
                        "127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", "testssl-" + name + ".txt").toFile())
                .start();
        try {
            assertThat(scan.waitFor(MINUTES_MAX, TimeUnit.MINUTES))
                    .as("the scan of " + name)
                    .isTrue();
        } finally {
            scan.descendants().forEach(ProcessHandle::destroyForcibly);
            scan.destroyForcibly();
        }
        Files.copy(result, Path.of("target", "testssl-" + name + ".json"), StandardCopyOption.REPLACE_EXISTING);
        return result;
    }

    private static List<String> findings(String name, Path result) throws IOException {
        JsonNode all = new JsonMapper().readTree(Files.readString(result));
        List<String> found = new ArrayList<>();
        List<String> offered = new ArrayList<>();
        for (JsonNode one : all) {
            String id = one.path("id").asString("");
            String severity = one.path("severity").asString("");
            if (!FINE.contains(severity) && !OF_A_PRIVATE_CA.containsKey(id)) {
                found.add(name + ": " + id + ", " + severity + ", "
                        + one.path("finding").asString(""));
            }
            if (one.path("finding").asString("").startsWith("offered")) {
                offered.add(id);
            }
        }
        if (!offered.contains("TLS1_3")) {
            found.add(name + ": not scanned, " + all.size() + " findings (expected: TLS 1.3 found)");
        }
        return found;
    }

    private String identity(String account) {
        Path out = directory.resolve(account);
        LabCa.in(directory)
                .run(
                        "workload",
                        "--name",
                        "east-1",
                        "--namespace",
                        "beringia-system",
                        "--service-account",
                        account,
                        "--out",
                        "" + out);
        return "{files: {chain: %1$s/workload-cert-chain.pem, key: %1$s/key.pem, bundles: {corp.example: %1$s/root-cert.pem}}}"
                .formatted(account);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
