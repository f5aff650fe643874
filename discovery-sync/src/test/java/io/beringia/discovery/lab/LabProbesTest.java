package io.beringia.discovery.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class LabProbesTest {
    private static final ObjectKey CART = new ObjectKey(LabKind.POD, "shop", "cart-1");

    @TempDir
    private Path directory;

    private LabApiServer lab(String probe) throws Exception {
        Files.writeString(directory.resolve("shop.yaml"), """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: cart-1
                  namespace: shop
                  annotations: {lab.beringia.io/pod-ip: 127.0.0.1, lab.beringia.io/probe-period-millis: "20"}
                spec:
                  containers:
                  - name: app
                    ports: [{name: web, containerPort: "PORT"}]
                    PROBE
                """.replace("PROBE", probe));
        return LabApiServer.start(
                new LabApiServer.Options(
                        directory,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Duration.ofSeconds(1),
                        List.of()),
                InstantSource.system());
    }

    private static JsonNode pod(LabApiServer lab) {
        return lab.store().latest().object(CART).orElseThrow().json();
    }

    private static void awaitReady(LabApiServer lab, boolean ready) {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(pod(lab).at("/status/podIP").asString("")).as("pod IP").isEqualTo("127.0.0.1");
            assertThat(PodStatus.isReady(pod(lab))).as("ready").isEqualTo(ready);
        });
    }

    @Test
    void a_pod_is_ready_while_its_port_accepts() throws Exception {
        int port;
        try (ServerSocket application = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                LabApiServer lab = lab("readinessProbe: {tcpSocket: {port: web}}")) {
            port = application.getLocalPort();
            Files.writeString(
                    directory.resolve("shop.yaml"),
                    Files.readString(directory.resolve("shop.yaml")).replace("\"PORT\"", Integer.toString(port)));
            try (LabProbes _ = LabProbes.start(lab, InstantSource.system())) {
                awaitReady(lab, true);
                application.close();
                awaitReady(lab, false);
                assertThat(pod(lab).at("/status/phase").asString(""))
                        .as("phase")
                        .isEqualTo("Running");
            }
        }
    }

    @Test
    void a_pod_is_ready_while_its_page_answers_well() throws Exception {
        AtomicInteger status = new AtomicInteger(503);
        HttpServer application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        application.createContext("/ready", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        application.start();
        String probe = "readinessProbe: {httpGet: {path: /ready, port: "
                + application.getAddress().getPort() + "}}";
        try (LabApiServer lab = lab(probe);
                LabProbes _ = LabProbes.start(lab, InstantSource.system())) {
            awaitReady(lab, false);
            status.set(200);
            awaitReady(lab, true);
            status.set(500);
            awaitReady(lab, false);
        } finally {
            application.stop(0);
        }
    }

    @Test
    void a_pod_without_a_probe_is_ready_at_once() throws Exception {
        try (LabApiServer lab = lab("");
                LabProbes _ = LabProbes.start(lab, InstantSource.system())) {
            awaitReady(lab, true);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, true,  1, 3, true,  0",
        "false, true,  2, 3, false, 1",
        "true,  false, 1, 3, true,  1",
        "true,  true,  1, 3, true,  0",
        "true,  false, 1, 1, false, 0",
    })
    void readiness_changes_after_so_many_answers_in_a_row(
            boolean before, boolean answered, int successes, int failures, boolean after, int run) {
        assertThat(new ProbeRules(before, 0).after(answered, successes, failures))
                .as("after one answer")
                .isEqualTo(new ProbeRules(after, run));
    }
}
