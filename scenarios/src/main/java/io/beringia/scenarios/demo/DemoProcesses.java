package io.beringia.scenarios.demo;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.scenarios.fault.ChildProcesses;
import io.beringia.scenarios.fault.Signal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The processes of the demo: five a region, each its own JVM, named {@code us-east/gateway-0} and so on. */
final class DemoProcesses implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final Duration ASK_EVERY = Duration.ofMillis(200);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(2);
    /** Small: a gateway of the demo carries a few hundred connections a second. */
    private static final List<String> JVM = List.of(
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:MaxDirectMemorySize=64m",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dio.netty.allocator.type=pooled",
            "-Djdk.tls.server.enableSessionTicketExtension=false",
            "-Djdk.tls.client.enableSessionTicketExtension=false",
            "-Dio.netty.handler.ssl.openssl.sessionCacheServer=false",
            "-Dio.netty.handler.ssl.openssl.sessionCacheClient=false");

    private final ChildProcesses children;
    private final Map<String, IpAddress> admins = new LinkedHashMap<>();

    private DemoProcesses(ChildProcesses children) {
        this.children = children;
    }

    /** Starts all of them; {@link #awaitReady} waits until they serve. */
    static DemoProcesses start(DemoFiles files, Path logs) throws IOException {
        Files.createDirectories(logs);
        DemoProcesses processes = new DemoProcesses(ChildProcesses.guardedBy(beringia("watchdog"), logs));
        try {
            for (DemoRegion region : DemoRegion.ALL) {
                processes.startRegion(region, files);
            }
            return processes;
        } catch (IOException | RuntimeException failed) {
            processes.close();
            throw failed;
        }
    }

    private void startRegion(DemoRegion region, DemoFiles files) throws IOException {
        children.start(
                region.region() + "/application",
                beringia(
                        "echo",
                        "--region",
                        region.region().name(),
                        "--address",
                        region.server().toString(),
                        "--port",
                        Integer.toString(DemoRegion.ECHO_PORT),
                        "--ready-port",
                        Integer.toString(DemoRegion.READY_PORT),
                        "--journal",
                        files.journal(region).toString()));
        for (int index = 0; index < DemoRegion.GATEWAYS; index++) {
            role(gateway(region, index), files.gatewayConfig(region, index), region.gateway(index));
        }
        role(region.region() + "/server", files.serverConfig(region), region.server());
        role(region.region() + "/client", files.clientConfig(region), region.client());
    }

    private void role(String name, Path config, IpAddress admin) throws IOException {
        children.start(name, beringia("run", "--config", config.toString(), "--end-with-input"));
        admins.put(name, admin);
    }

    static String gateway(DemoRegion region, int index) {
        return region.region() + "/gateway-" + index;
    }

    /** Waits for every role; says which one ended or is late, and shows the end of its log. */
    void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(ASK_TIMEOUT).build()) {
            for (Map.Entry<String, IpAddress> role : admins.entrySet()) {
                while (!isReady(client, role.getValue())) {
                    refuseToWaitFor(role.getKey(), deadline);
                    TimeUnit.NANOSECONDS.sleep(ASK_EVERY.toNanos());
                }
            }
        }
    }

    /** Freezes or thaws every process of a region. */
    void send(DemoRegion region, Signal signal) {
        children.names().stream()
                .filter(name -> name.startsWith(region.region() + "/"))
                .forEach(name -> children.send(name, signal));
    }

    void send(String name, Signal signal) {
        children.send(name, signal);
    }

    List<String> ended() {
        return children.names().stream()
                .filter(name -> !children.isRunning(name))
                .toList();
    }

    @Override
    public void close() {
        children.close();
    }

    private void refuseToWaitFor(String name, long deadline) throws IOException {
        if (!children.isRunning(name)) {
            throw new IOException(name + " ended at its start: " + lastLine(name));
        }
        if (System.nanoTime() > deadline) {
            throw new IOException(name + " is not ready within " + READY_WITHIN.toSeconds() + " s: " + lastLine(name));
        }
    }

    private String lastLine(String name) throws IOException {
        List<String> lines = Files.readAllLines(children.log(name));
        return lines.isEmpty() ? "it said nothing" : lines.getLast();
    }

    private static boolean isReady(HttpClient client, IpAddress admin) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + DemoRegion.admin(admin) + "/healthz/ready"))
                .timeout(ASK_TIMEOUT)
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static List<String> beringia(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.beringia.cli.Beringia"));
        command.addAll(List.of(arguments));
        return command;
    }
}
