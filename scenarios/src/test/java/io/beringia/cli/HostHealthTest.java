package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A machine that is no pod, and whoever calls it: only while its application says that it may be called. */
@Timeout(120)
final class HostHealthTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SERVICE_PORT = 7001;

    private final String prefix = "127." + ThreadLocalRandom.current().nextInt(130, 250) + "."
            + ThreadLocalRandom.current().nextInt(1, 250) + ".";
    private final int kube = freePort();
    private final int xds = freePort();
    private final AtomicInteger health = new AtomicInteger(503);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void a_machine_is_called_only_while_its_application_is_well_and_its_host_there() throws Exception {
        LabCa.in(directory).run("root", "--demo", "--trust-domain", "corp.example");
        LabCa.in(directory).run("intermediate", "--name", "east-1");
        Files.writeString(Files.createDirectory(directory.resolve("manifests")).resolve("demo.yaml"), manifests());
        HttpServer page = page();
        try (ServerSocket application = new ServerSocket(8080, 16, InetAddress.getByName(ip(1)));
                RegionProcess control = start("control", controlYaml());
                RegionProcess caller = start("caller", callerYaml())) {
            Thread.ofVirtual().start(() -> echo(application));
            try (RegionProcess machine =
                    start("machine", machineYaml(page.getAddress().getPort()))) {
                await("all roles are ready").atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(control.awaited()).as("control").isEmpty();
                    assertThat(caller.awaited()).as("caller").isEmpty();
                    assertThat(machine.awaited()).as("machine").isEmpty();
                });
                assertThat(isAnswered()).as("before it said that it is well").isFalse();

                health.set(200);
                await("a well one is called").atMost(PATIENCE).until(this::isAnswered);
                health.set(503);
                await("an ill one is not, although its port is open")
                        .atMost(PATIENCE)
                        .until(() -> !isAnswered());
                health.set(200);
                await("well again").atMost(PATIENCE).until(this::isAnswered);
            }
            assertThat(entry()).as("told before it went").contains("its host drains");
        } finally {
            page.stop(0);
        }
    }

    private String ip(int last) {
        return prefix + last;
    }

    private HttpServer page() throws IOException {
        HttpServer page = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        page.createContext("/healthz", exchange -> {
            exchange.sendResponseHeaders(health.get(), -1);
            exchange.close();
        });
        page.start();
        return page;
    }

    private static void echo(ServerSocket application) {
        while (!application.isClosed()) {
            try (Socket socket = application.accept()) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            } catch (IOException over) {
                // the caller left, or the test is over: the loop's condition tells
            }
        }
    }

    /** Whether a call through both proxies comes back. */
    private boolean isAnswered() {
        try (Socket socket = new Socket(ip(2), SERVICE_PORT)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write('x');
            return socket.getInputStream().read() == 'x';
        } catch (IOException reset) {
            return false;
        }
    }

    private String entry() throws IOException, InterruptedException {
        URI uri = URI.create(
                "http://127.0.0.1:" + kube + "/apis/networking.istio.io/v1/namespaces/demo/workloadentries/vm-1");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private String manifests() {
        return """
                apiVersion: v1
                kind: Namespace
                metadata: {name: beringia-system}
                ---
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: workloadentries.networking.istio.io}
                spec: {versions: [{name: v1}]}
                ---
                apiVersion: networking.istio.io/v1
                kind: WorkloadEntry
                metadata:
                  name: vm-1
                  namespace: demo
                  labels: {app: echo}
                  annotations:
                    ambient.istio.io/redirection: enabled
                    proxy.istio.io/health-checks-enabled: "true"
                spec: {address: %s, serviceAccount: echo}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: echo, namespace: demo}
                spec: {clusterIP: 10.96.0.10, selector: {app: echo}, ports: [{port: 80, targetPort: 8080}]}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: web-0, namespace: demo}
                spec: {serviceAccountName: web}
                status: {phase: Running, podIP: %s}
                """.formatted(ip(1), ip(2));
    }

    private String controlYaml() {
        return """
                  kube: {listen: "127.0.0.1:%d", manifests: manifests, kubeconfig: kubeconfig, probes: false}
                  discovery:
                    trust-domain: corp.example
                    kube: {kubeconfig: kubeconfig, allow-plain-http: true}
                    xds: "127.0.0.1:%d"
                    peering: "127.0.0.1:%d"
                    gateways: {identities: ["spiffe://corp.example/ns/beringia-system/sa/gateway"]}
                    hosts: {replica: discovery-0, grace: 10m}
                    identity-from: %s
                """.formatted(kube, xds, freePort(), identity("beringia-system", "discovery"));
    }

    private String callerYaml() {
        return """
                  host:
                    workload: east-1//Pod/demo/web-0
                    source: %1$s
                    listeners: [{listen: "%1$s:%2$d", service: "echo.demo.svc.cluster.local:80"}]
                    drain: {accept: 0s, jitter: 0s, deadline: 0s}
                    identity-from: %3$s
                    catalog-from: %4$s
                """.formatted(ip(2), SERVICE_PORT, identity("demo", "web"), catalog("caller-catalog.yaml"));
    }

    private String machineYaml(int page) {
        return """
                  host:
                    workload: east-1/networking.istio.io/WorkloadEntry/demo/vm-1
                    source: %1$s
                    inbound: {listen: "%1$s:15008", application: %1$s}
                    readiness: {http: "http://127.0.0.1:%2$d/healthz", period: 1s, timeout: 5s, failures: 1}
                    drain: {accept: 3s, jitter: 0s, deadline: 0s}
                    identity-from: %3$s
                    catalog-from: %4$s
                """.formatted(ip(1), page, identity("demo", "echo"), catalog("machine-catalog.yaml"));
    }

    private String identity(String namespace, String account) {
        LabCa.in(directory)
                .run(
                        "workload",
                        "--name",
                        "east-1",
                        "--namespace",
                        namespace,
                        "--service-account",
                        account,
                        "--out",
                        directory.resolve(account).toString());
        return "{files: {chain: %1$s/workload-cert-chain.pem, key: %1$s/key.pem, bundles: {corp.example: %1$s/root-cert.pem}}}"
                .formatted(account);
    }

    private String catalog(String kept) {
        return "{discovery: {address: \"127.0.0.1:%d\", server: \"spiffe://corp.example/ns/beringia-system/sa/discovery\", last-good: %s}}"
                .formatted(xds, kept);
    }

    private RegionProcess start(String name, String roles) throws IOException {
        String head = "region: us-east\ncluster: east-1\nnetwork: net-east\nadmin: \"127.0.0.1:" + freePort() + "\"\n";
        Path file = Files.writeString(directory.resolve(name + ".yaml"), head + "roles:\n" + roles);
        return RegionProcess.start(RegionConfigFile.read(file), new Startup(new CountDownLatch(1), line -> {}));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }
}
