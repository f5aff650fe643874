package io.beringia.scenarios.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionStatus;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.trust.cli.CaCommand;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Two gateways as processes of their own, which look at each other. */
final class GatewayProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TrustDomain DOMAIN = new TrustDomain("corp.example");
    private static final List<String> JVM = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx96m",
            "--enable-native-access=ALL-UNNAMED",
            "-Djdk.tls.server.enableSessionTicketExtension=false",
            "-Djdk.tls.client.enableSessionTicketExtension=false",
            "-Dio.netty.handler.ssl.openssl.sessionCacheServer=false",
            "-Dio.netty.handler.ssl.openssl.sessionCacheClient=false");

    private final String prefix = "127." + ThreadLocalRandom.current().nextInt(130, 250) + "."
            + ThreadLocalRandom.current().nextInt(1, 250) + ".";
    private final Site east = new Site("east", prefix + "1");
    private final Site west = new Site("west", prefix + "2");
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path directory = Path.of("");

    private ChildProcesses children;

    /** One gateway, and where it is looked at. */
    private record Site(String name, SocketAddress hbone, SocketAddress admin) {
        private Site(String name, String ip) {
            this(name, free(ip), free(ip));
        }

        private static SocketAddress free(String ip) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(ip))) {
                return SocketAddress.parse(ip + ":" + socket.getLocalPort());
            } catch (IOException taken) {
                throw new AssertionError(ip + ": no free port", taken);
            }
        }

        private ClusterState state() {
            ClusterId cluster = new ClusterId(name + "-1");
            RegionId region = new RegionId("us-" + name);
            Network network = new Network("net-" + name);
            GatewayAddress gateway = new GatewayAddress(
                    cluster,
                    region,
                    network,
                    "gateway-0",
                    hbone,
                    SpiffeId.ofWorkload(DOMAIN, "beringia-system", "gateway-" + name),
                    Health.HEALTHY,
                    1);
            return new ClusterState(
                    cluster,
                    region,
                    network,
                    Set.of(DOMAIN),
                    List.of(gateway),
                    RegionStatus.ACTIVE,
                    new Freshness.Live());
        }
    }

    @BeforeEach
    void writes_files() throws IOException {
        ca("root", "--demo", "--trust-domain", DOMAIN.toString());
        Files.writeString(
                directory.resolve("catalog.yaml"),
                FileCatalog.print(Catalog.of(
                        1,
                        PlanVersion.NONE,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(east.state(), west.state()))));
        children = ChildProcesses.guardedBy(
                Stream.concat(java(List.of()), Stream.of(ChildProcessesTest.class.getName()))
                        .toList(),
                directory);
    }

    @AfterEach
    void ends() {
        children.close();
    }

    @Test
    void a_gateway_loads_nothing_that_is_not_its_own() throws Exception {
        Path classes = directory.resolve("classes.log");
        start(east, "-Xlog:class+load=info:file=" + classes);
        awaitReady(east);
        try (Stream<String> lines = Files.lines(classes)) {
            List<String> loaded = lines.toList();
            assertThat(loaded).anyMatch(line -> line.contains("io.beringia.gateway.observe.Observer"));
            assertThat(loaded)
                    .noneMatch(line -> line.contains(" io.fabric8.")
                            || line.contains(" org.apache.curator.")
                            || line.contains(" org.apache.zookeeper."));
        }
    }

    @Test
    void a_gateway_that_is_told_to_end_says_what_it_does_and_what_was_left() throws Exception {
        start(east);
        awaitReady(east);
        children.send("east", Signal.TERM);
        await("its end").atMost(PATIENCE).until(() -> !children.isRunning("east"));
        assertThat(Files.readString(children.log("east")))
                .contains("gateway gateway-0 drains, at most 19 s")
                .contains("gateway drains")
                .contains("drain is over: no tunnel was left")
                .contains("gateway gateway-0 has drained, nothing was left")
                .doesNotContain("did not end");
    }

    @Test
    void a_gateway_that_was_frozen_condemns_nobody_when_it_goes_on() throws Exception {
        start(east);
        start(west);
        awaitReady(east);
        awaitReady(west);
        await("both stand well").atMost(PATIENCE).until(() -> isUp(east) && isUp(west));
        double before = entered(east, "down");
        children.send("east", Signal.STOP);
        double down = entered(west, "down");
        await("the other sees it go").atMost(PATIENCE).until(() -> entered(west, "down") > down);
        double back = entered(west, "probation");
        children.send("east", Signal.CONTINUE);
        await("the other sees it return").atMost(PATIENCE).until(() -> entered(west, "probation") > back);
        assertThat(entered(east, "down")).as("what it says of the other").isEqualTo(before);
        assertThat(children.isRunning("east")).as("its own watchdog").isTrue();
    }

    /** Whoever started first has seen the other refuse. */
    private boolean isUp(Site site) throws IOException, InterruptedException {
        double up = entered(site, "up");
        return up >= entered(site, "suspect") && (up > 0 || entered(site, "down") == 0);
    }

    private double entered(Site site, String state) throws IOException, InterruptedException {
        return get(site, "/metrics")
                .lines()
                .filter(line -> line.startsWith("gateway_paths_changed_total{") && line.contains("\"" + state + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private void awaitReady(Site site) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> get(site, "/healthz/ready").equals("ready\n"));
    }

    private String get(Site site, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + site.admin() + path))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private void start(Site site, String... options) throws IOException {
        ca("intermediate", "--name", site.name() + "-1");
        ca(
                "workload",
                "--name",
                site.name() + "-1",
                "--namespace",
                "beringia-system",
                "--service-account",
                "gateway-" + site.name(),
                "--out",
                directory.resolve(site.name()).toString());
        Path config = Files.writeString(directory.resolve(site.name() + ".yaml"), """
                region: us-%1$s
                cluster: %1$s-1
                network: net-%1$s
                admin: "%2$s"
                roles:
                  gateway:
                    name: gateway-0
                    hbone: "%3$s"
                    loops: 1
                    allow-loopback: true
                    drain: {accept: 0s, jitter: 0s, deadline: 0s}
                    identity-from:
                      files:
                        chain: %1$s/workload-cert-chain.pem
                        key: %1$s/key.pem
                        bundles: {%4$s: %1$s/root-cert.pem}
                    catalog-from: {file: catalog.yaml}
                """.formatted(
                        site.name(), site.admin(), site.hbone(), DOMAIN));
        children.start(
                site.name(),
                Stream.concat(
                                java(List.of(options)),
                                Stream.of(
                                        "io.beringia.cli.Beringia",
                                        "run",
                                        "--config",
                                        config.toString(),
                                        "--end-with-input"))
                        .toList());
    }

    private static Stream<String> java(List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return command.stream();
    }

    private void ca(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, "--dir", directory.toString()));
        arguments.addAll(Arrays.asList(options));
        int code = new CommandLine(new CaCommand())
                .setOut(new PrintWriter(Writer.nullWriter()))
                .execute(arguments.toArray(String[]::new));
        assertThat(code).as("ca %s", command).isZero();
    }
}
