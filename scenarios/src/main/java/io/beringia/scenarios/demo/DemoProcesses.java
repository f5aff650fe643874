package io.beringia.scenarios.demo;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.scenarios.fault.ChildProcesses;
import io.beringia.scenarios.fault.Signal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The processes of the demo, each its own JVM: six a region, named {@code us-east/gateway-0} and so on, and a witness. */
public final class DemoProcesses implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofMinutes(5);
    private static final Duration ASK_EVERY = Duration.ofMillis(200);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration SAY_AFTER = Duration.ofSeconds(5);
    /** On a machine that has no time to spare the load keeps its schedule, and what it measures is the mesh. */
    private static final List<String> BEHIND_THE_LOAD = List.of("nice", "-n", "5");

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
            "-Dberingia.log.connections=warn",
            "-Djdk.tls.server.enableSessionTicketExtension=false",
            "-Djdk.tls.client.enableSessionTicketExtension=false",
            "-Dio.netty.handler.ssl.openssl.sessionCacheServer=false",
            "-Dio.netty.handler.ssl.openssl.sessionCacheClient=false");

    static final String WITNESS = "witness/control";

    private final ChildProcesses children;
    private final DemoFiles files;
    private final Seats seats;
    private final Map<String, IpAddress> admins = new LinkedHashMap<>();
    private final Map<String, List<String>> commands = new LinkedHashMap<>();

    private DemoProcesses(ChildProcesses children, DemoFiles files, Seats seats) {
        this.children = children;
        this.files = files;
        this.seats = seats;
    }

    /** Starts all of them; {@link #awaitReady} waits until they serve. */
    public static DemoProcesses start(DemoFiles files, Path logs, Seats seats) throws IOException {
        Files.createDirectories(logs);
        DemoProcesses processes = new DemoProcesses(ChildProcesses.guardedBy(beringia("watchdog"), logs), files, seats);
        try {
            processes.role(DemoRegion.WITNESS, WITNESS, DemoRegion.WITNESS.control());
            for (DemoRegion region : DemoRegion.ALL) {
                processes.launch(region);
            }
            return processes;
        } catch (IOException | RuntimeException failed) {
            processes.close();
            throw failed;
        }
    }

    private void launch(DemoRegion region) throws IOException {
        launch(
                region,
                application(region),
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
        role(region, control(region), region.control());
        for (int index = 0; index < DemoRegion.GATEWAYS; index++) {
            role(region, gateway(region, index), region.gateway(index));
        }
        role(region, server(region), region.server());
        role(region, client(region), region.client());
    }

    private void role(DemoRegion region, String name, IpAddress admin) throws IOException {
        admins.put(name, admin);
        launch(region, name, beringia("run", "--config", files.config(name).toString(), "--end-with-input"));
    }

    private void launch(DemoRegion region, String name, List<String> command) throws IOException {
        List<String> seated = seats.of(
                region,
                Stream.of(BEHIND_THE_LOAD, command).flatMap(List::stream).toList());
        commands.put(name, seated);
        children.start(name, seated);
    }

    /** Starts again what was killed or ended of those processes. */
    public void start(String pattern) throws IOException {
        for (String name : matching(pattern, commands.keySet())) {
            if (!children.names().contains(name)) {
                children.start(name, commands.getOrDefault(name, List.of()));
            }
        }
    }

    /** Asks those processes to end and waits for it, one after the other; kills who does not within that time. */
    public void end(String pattern, Duration within) throws InterruptedException {
        for (String name : matching(pattern)) {
            children.end(name, within);
        }
    }

    static String control(DemoRegion region) {
        return region.region() + "/control";
    }

    static String gateway(DemoRegion region, int index) {
        return region.region() + "/gateway-" + index;
    }

    static String server(DemoRegion region) {
        return region.region() + "/server";
    }

    static String client(DemoRegion region) {
        return region.region() + "/client";
    }

    static String application(DemoRegion region) {
        return region.region() + "/application";
    }

    /** Waits for every role that was started; says which one it waits for, which one ended or is late, and shows the end of its log. */
    public void awaitReady(Consumer<String> progress) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(ASK_TIMEOUT).build()) {
            for (String role : children.names()) {
                awaitReady(role, client, deadline, progress);
            }
        }
    }

    private void awaitReady(String role, HttpClient client, long deadline, Consumer<String> progress)
            throws IOException, InterruptedException {
        long news = System.nanoTime() + SAY_AFTER.toNanos();
        Optional<IpAddress> admin = Optional.ofNullable(admins.get(role));
        while (admin.isPresent() && !isReady(client, admin.get())) {
            refuseToWaitFor(role, deadline);
            if (System.nanoTime() > news) {
                progress.accept("waiting for " + role);
                news += SAY_AFTER.toNanos();
            }
            TimeUnit.NANOSECONDS.sleep(ASK_EVERY.toNanos());
        }
    }

    /** Freezes or thaws every process of a region. */
    public void send(DemoRegion region, Signal signal) {
        of(region).forEach(name -> children.send(name, signal));
    }

    /** Kills every process of a region, frozen or not. */
    public void kill(DemoRegion region) throws InterruptedException {
        for (String name : of(region)) {
            children.kill(name);
        }
    }

    /** Freezes those processes; each goes on by itself after that time. */
    public void freeze(String pattern, Duration atMost) throws IOException {
        for (String name : matching(pattern)) {
            children.freeze(name, atMost);
        }
    }

    /** Lets frozen processes go on. */
    public void thaw(String pattern) {
        matching(pattern).forEach(name -> children.send(name, Signal.CONTINUE));
    }

    /** Kills those processes, frozen or not. */
    public void kill(String pattern) throws InterruptedException {
        for (String name : matching(pattern)) {
            children.kill(name);
        }
    }

    /** Writes a line to the input of a process. */
    public void tell(String name, String line) {
        children.tell(name, line);
    }

    /** Where every process will listen, for applications and for people; it must be free before they start. */
    static List<InetSocketAddress> listeners() {
        List<InetSocketAddress> all = new ArrayList<>();
        for (DemoRegion region : DemoRegion.ALL) {
            all.add(socket(region.control(), DemoRegion.HBONE_PORT));
            for (DemoRegion.Door door : DemoRegion.Door.values()) {
                all.add(socket(region.control(), region.at(door).port()));
            }
            for (int index = 0; index < DemoRegion.GATEWAYS; index++) {
                all.add(socket(region.gateway(index), DemoRegion.HBONE_PORT));
                all.add(socket(region.gateway(index), DemoRegion.RELAY_PORT));
            }
            all.add(socket(region.server(), DemoRegion.HBONE_PORT));
            all.add(socket(region.server(), DemoRegion.ECHO_PORT));
            all.add(socket(region.probe(), DemoRegion.HBONE_PORT));
            for (DemoService service : DemoService.values()) {
                all.add(socket(region.client(), service.listenerPort()));
            }
        }
        for (DemoRegion.Door door : DemoRegion.Door.values()) {
            all.add(socket(
                    DemoRegion.WITNESS.control(), DemoRegion.WITNESS.at(door).port()));
        }
        return all;
    }

    private static InetSocketAddress socket(IpAddress ip, int port) {
        return new InetSocketAddress(ip.toString(), port);
    }

    private List<String> of(DemoRegion region) {
        return matching(region.region() + "/*");
    }

    /** By its name, or all of a region by {@code region/*}; throws {@link IllegalArgumentException} where none is. */
    private List<String> matching(String pattern) {
        return matching(pattern, children.names());
    }

    private static List<String> matching(String pattern, Collection<String> names) {
        List<String> found = names.stream()
                .filter(name -> pattern.endsWith("/*")
                        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                        : name.equals(pattern))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("process: " + pattern + " (expected: one of " + names + ")");
        }
        return found;
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

    /** A command of ours, in a small JVM of its own. */
    public static List<String> beringia(String... arguments) {
        return beringia(List.of(), arguments);
    }

    /** The same with more options of the JVM, of which the last one of a kind counts. */
    public static List<String> beringia(List<String> more, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(cache());
        command.addAll(more);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.beringia.cli.Beringia"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The cache that this JVM was itself started from, if any: fourteen cold starts keep two cores busy for a minute. */
    private static List<String> cache() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-XX:AOTCache=") || option.startsWith("-Xlog:aot"))
                .toList();
    }
}
