package io.beringia.scenarios.interop;

import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.scenarios.fault.ChildProcesses;
import io.beringia.scenarios.fault.Signal;
import io.beringia.trust.cli.CaCommand;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine;

/**
 * Two regions in three network namespaces: a certificate server and gateways of ours, and a real ztunnel beside the client
 * and the server. Every process is a child, so that each has its own namespace. Owned by the test's thread.
 */
final class InteropLab implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    static final Duration LIFE = Duration.ofHours(24);
    private static final ClusterId TAKEN_BACK = new ClusterId("taken-back");
    private static final Duration CALLS_WITHIN = Duration.ofMinutes(2);
    static final int GO_CLIENT_CALLS = 5;
    static final String CLIENT_TOKEN = "token-of-web";
    private static final String SERVER_TOKEN = "token-of-echo";
    private static final List<String> JVM = List.of(
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djdk.tls.server.enableSessionTicketExtension=false",
            "-Djdk.tls.client.enableSessionTicketExtension=false",
            "-Dio.netty.handler.ssl.openssl.sessionCacheServer=false",
            "-Dio.netty.handler.ssl.openssl.sessionCacheClient=false");

    private final String ztunnel;
    private final Path directory;
    private final Namespaces namespaces;
    private final ChildProcesses children;
    private int clients;
    private int runs;

    private InteropLab(String ztunnel, Path directory, Namespaces namespaces, ChildProcesses children) {
        this.ztunnel = ztunnel;
        this.directory = directory;
        this.namespaces = namespaces;
        this.children = children;
    }

    /** With the echo as the application. */
    static InteropLab start(String ztunnel, Path directory) throws Exception {
        return start(ztunnel, directory, EchoMain.class, EchoMain.LISTENING);
    }

    /** With another application, which says that once it listens. Its name is {@code echo} all the same. */
    static InteropLab start(String ztunnel, Path directory, Class<?> application, String listening) throws Exception {
        Namespaces namespaces = Namespaces.create();
        InteropLab lab = new InteropLab(
                ztunnel,
                directory,
                namespaces,
                ChildProcesses.guardedBy(java("io.beringia.cli.Beringia", "watchdog"), directory));
        try {
            lab.begin(application, listening);
            return lab;
        } catch (Exception | AssertionError failed) {
            lab.close();
            throw failed;
        }
    }

    private void begin(Class<?> application, String listening) throws IOException {
        ca(directory, "root", "--demo", "--trust-domain", LabIdentities.TRUST_DOMAIN.name());
        ca(directory, "intermediate", "--name", LabIdentities.CLUSTER_EAST.name());
        ca(directory, "intermediate", "--name", LabIdentities.CLUSTER_WEST.name());
        Files.createFile(LabFiles.revoked(directory.resolve("root-cert.pem")));
        region("certificates", LabAddresses.CERTIFICATES, "east", trustYaml());
        gatewayOf("west", LabAddresses.WEST, "west", directory, LabCatalogs.west());
        program("echo", Namespaces.SERVER, application, LabAddresses.SERVER, "" + LabAddresses.ECHO_PORT);
        awaitLine("certificates", " is ready");
        ztunnel(
                "server-ztunnel",
                Namespaces.SERVER,
                LabIdentities.SERVER,
                "echo-0",
                ZtunnelConfig.server(),
                SERVER_TOKEN,
                LIFE);
        awaitLine("west", " is ready");
        awaitLine("echo", listening);
    }

    /** A gateway of the east, with relay; it knows the west's gateways at these addresses. */
    void startEast(String name, String address, String... gatewaysOfWest) throws IOException {
        gatewayOf(name, address, "east", directory, LabCatalogs.east(gatewaysOfWest));
        awaitLine(name, " is ready");
    }

    /** One more gateway of the west. */
    void startWest(String name, String address) throws IOException {
        gatewayOf(name, address, "west", directory, LabCatalogs.west());
        awaitLine(name, " is ready");
    }

    /**
     * One more gateway of the west, below an intermediate of its own: a ztunnel judges whoever is below another one of that
     * name by its list, too.
     */
    void startTakenBack() throws IOException {
        ca(directory, "intermediate", "--name", TAKEN_BACK.name());
        Path identity = identity(TAKEN_BACK.name(), directory, TAKEN_BACK, LabIdentities.GATEWAY_WEST);
        gateway(TAKEN_BACK.name(), LabAddresses.TAKEN_BACK, "west", identity, LabCatalogs.west());
        awaitLine(TAKEN_BACK.name(), " is ready");
    }

    /** Its intermediate takes its certificate back. */
    void takeBack() {
        Path certificate = directory.resolve(TAKEN_BACK + "-identity").resolve("workload-cert.pem");
        ca(directory, "crl", "--name", TAKEN_BACK.name(), "--revoke", certificate.toString());
    }

    /** The east's intermediate takes back what the client's ztunnel shows. */
    void takeBackClient() throws Exception {
        String serial = new BigInteger(certificate().serial()).toString(16);
        ca(directory, "crl", "--name", LabIdentities.CLUSTER_EAST.name(), "--serial", serial);
    }

    /** A gateway as the west's, with the right name, but from a root that nobody trusts. It trusts us. */
    void startImpostor() throws IOException {
        Path foreign = authority("foreign", LabIdentities.TRUST_DOMAIN);
        gatewayOf("impostor", LabAddresses.IMPOSTOR, "west", foreign, LabCatalogs.west());
        awaitLine("impostor", " is ready");
    }

    /** A gateway with the west's account, in a trust domain of its own. It trusts us. */
    void startForeigner() throws IOException {
        Path foreign = authority("other", LabIdentities.FOREIGN_DOMAIN);
        gatewayOf("foreigner", LabAddresses.FOREIGNER, "west", foreign, LabCatalogs.west());
        awaitLine("foreigner", " is ready");
    }

    /** A gateway as the west's, below a new root of ours that the certificate server hands out beside the first. */
    void startSuccessor() throws IOException {
        Path next = authority("next", LabIdentities.TRUST_DOMAIN);
        Path roots = directory.resolve(LabIdentities.CLUSTER_EAST.name()).resolve("root-cert.pem");
        String both = Files.readString(roots) + Files.readString(next.resolve("root-cert.pem"));
        Files.move(Files.writeString(directory.resolve("both.pem"), both), roots, StandardCopyOption.REPLACE_EXISTING);
        gatewayOf("successor", LabAddresses.SUCCESSOR, "west", next, LabCatalogs.west());
        awaitLine("successor", " is ready");
    }

    private Path authority(String name, TrustDomain domain) throws IOException {
        Path folder = Files.createDirectories(directory.resolve(name));
        ca(folder, "root", "--demo", "--trust-domain", domain.name());
        ca(folder, "intermediate", "--name", LabIdentities.CLUSTER_WEST.name());
        return folder;
    }

    /** A host in the west with our proxy, which programs of the mesh's namespace call through. */
    void startCaller() throws IOException {
        Path identity = identity("caller", directory, LabIdentities.CLUSTER_WEST, LabIdentities.CALLER);
        region("caller-host", LabAddresses.CALLER, "west", """
                  host:
                    workload: %s
                    source: %s
                    socks: "127.0.0.1:%d"
                    drain: {accept: 0s, jitter: 0s, deadline: 0s}
                %s""".formatted(
                        LabIdentities.CALLER_UID,
                        LabAddresses.CALLER,
                        SocksCallMain.SOCKS_PORT,
                        sources(identity, catalog("caller-host", LabCatalogs.caller()))));
        awaitLine("caller-host", " is ready");
    }

    /** Calls the service from that host; answers how many were answered. */
    String callFromHost(int count, String word) throws Exception {
        return callThrough(Namespaces.MESH, LabAddresses.SERVICE, LabAddresses.SERVICE_PORT, count, word);
    }

    /** A host with our proxy before two applications, {@code machine} and {@code denied}. */
    void startHost() throws IOException {
        host(
                "host",
                "east",
                LabIdentities.HOST_UID,
                identity("host", directory, LabIdentities.CLUSTER_EAST, LabIdentities.HOST),
                LabCatalogs.host());
        program("machine", Namespaces.MESH, EchoMain.class, LabAddresses.HOST, "" + LabAddresses.ECHO_PORT);
        program("denied", Namespaces.MESH, EchoMain.class, LabAddresses.HOST, "" + LabAddresses.DENIED_ECHO_PORT);
        awaitLine("machine", EchoMain.LISTENING);
        awaitLine("denied", EchoMain.LISTENING);
        awaitLine("host", " is ready");
    }

    private void host(String name, String site, String uid, Path identity, Catalog catalog) throws IOException {
        region(name, LabAddresses.HOST, site, """
                  host:
                    workload: %1$s
                    source: %2$s
                    inbound: {listen: "%2$s:%3$d", application: %2$s}
                    drain: {accept: 0s, jitter: 0s, deadline: 0s}
                %4$s""".formatted(
                        uid, LabAddresses.HOST, LabAddresses.HBONE_PORT, sources(identity, catalog(name, catalog))));
    }

    /** The same machine as the west's waypoint for the service, and a gateway there that knows it. */
    void startWaypoint() throws IOException {
        host(
                "waypoint-host",
                "west",
                LabIdentities.WAYPOINT_UID,
                identity("waypoint", directory, LabIdentities.CLUSTER_WEST, LabIdentities.WAYPOINT),
                LabCatalogs.waypoint());
        program("behind-waypoint", Namespaces.MESH, EchoMain.class, LabAddresses.HOST, "" + LabAddresses.ECHO_PORT);
        gatewayOf("west-waypoint", LabAddresses.WEST_SECOND, "west", directory, LabCatalogs.westWithWaypoint());
        awaitLine("behind-waypoint", EchoMain.LISTENING);
        awaitLine("waypoint-host", " is ready");
        awaitLine("west-waypoint", " is ready");
    }

    /** Calls with Istio's own client, as the client's workload but without a ztunnel; answers all that it printed. */
    String callByGoClient(String client, String way, String gateway, String target, String word) throws IOException {
        Path identity = directory.resolve("go-client-identity");
        if (!Files.exists(identity)) {
            identity("go-client", directory, LabIdentities.CLUSTER_EAST, LabIdentities.CLIENT);
        }
        runs++;
        String name = "go-client-" + runs;
        children.start(
                name,
                Namespaces.inside(
                        Namespaces.CLIENT,
                        List.of(
                                client,
                                way + "=" + gateway,
                                "--hbone-client-cert=" + identity.resolve("workload-cert-chain.pem"),
                                "--hbone-client-key=" + identity.resolve("key.pem"),
                                "--hbone-insecure-skip-verify", // it checks names of DNS, which no workload has
                                "--inner-hbone-insecure-skip-verify",
                                "--count=" + GO_CLIENT_CALLS,
                                "--msg=" + word,
                                "--expect=" + EchoMain.ECHO + word,
                                "tcp://" + target)));
        awaitEnd(name);
        return log(name);
    }

    /** Accepts connections, as its kernel does, and says nothing, as a process that hangs. */
    void startFrozen() throws IOException {
        program("frozen", Namespaces.MESH, EchoMain.class, LabAddresses.FROZEN, "" + LabAddresses.HBONE_PORT);
        awaitLine("frozen", EchoMain.LISTENING);
        children.send("frozen", Signal.STOP);
    }

    /** Lets the frozen gateway go on, and waits until it sees that it was called. */
    void awaitFrozenCalled() {
        children.send("frozen", Signal.CONTINUE);
        awaitLine("frozen", EchoMain.CALLED);
    }

    /** Calls the service through a client's ztunnel of its own that knows the mesh so; answers how many were answered. */
    String call(String mesh, int count, String word) throws Exception {
        return call(mesh, CLIENT_TOKEN, LabAddresses.SERVICE, LabAddresses.SERVICE_PORT, count, word);
    }

    /** The same, for any address that the mesh knows, and with any token for the certificate server. */
    String call(String mesh, String token, String address, int port, int count, String word) throws Exception {
        startClient(mesh, token, LIFE);
        try {
            return callThrough(Namespaces.CLIENT, address, port, count, word);
        } finally {
            endClient();
        }
    }

    /** A client's ztunnel of its own, with certificates of that life. Only one at a time. */
    void startClient(String mesh, String token, Duration life) throws IOException {
        clients++;
        ztunnel("client-ztunnel-" + clients, Namespaces.CLIENT, LabIdentities.CLIENT, "web-0", mesh, token, life);
    }

    void endClient() throws InterruptedException {
        children.kill("client-ztunnel-" + clients);
    }

    /** Calls the service through the client's ztunnel that runs. */
    String callAgain(int count, String word) throws Exception {
        return callThrough(Namespaces.CLIENT, LabAddresses.SERVICE, LabAddresses.SERVICE_PORT, count, word);
    }

    /** Talks to the application through the client's ztunnel that runs; answers all that the callers printed. */
    List<String> talk(String... groups) throws Exception {
        return endOf(startTalk(groups));
    }

    /** Starts such talks, and answers their name. */
    String startTalk(String... groups) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(LabAddresses.SERVICE, "" + LabAddresses.SERVICE_PORT));
        arguments.addAll(Arrays.asList(groups));
        return startRun(Namespaces.CLIENT, TalkCallMain.class, arguments.toArray(String[]::new));
    }

    /** Opens a gate of talks. */
    void open(String talk, String gate) {
        children.tell(talk, gate);
    }

    /** Waits for the end of talks; answers all that the callers printed. */
    List<String> endOf(String talk) throws IOException {
        awaitEnd(talk);
        return log(talk).lines().toList();
    }

    /** Asks a gateway to end, as its platform does. */
    void terminate(String name) {
        children.send(name, Signal.TERM);
    }

    void kill(String name) throws InterruptedException {
        children.kill(name);
    }

    void awaitEnd(String name) {
        await("the end of " + name).atMost(CALLS_WITHIN).until(() -> !children.isRunning(name));
    }

    /** Tells a gateway that its catalog is another one now. */
    void tell(String name, Catalog knows) throws IOException {
        Path next = Files.writeString(directory.resolve(name + "-next.yaml"), FileCatalog.print(knows));
        Files.move(next, directory.resolve(name + "-catalog.yaml"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Sum of a gateway's meters that begin so. */
    double meter(String address, String beginning) throws Exception {
        return run(
                        Namespaces.MESH,
                        FetchMain.class,
                        "http://" + address + ":" + LabAddresses.ADMIN_PORT + "/metrics",
                        "gateway_")
                .lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(line -> Double.parseDouble(line.replaceFirst(".* ", "")))
                .sum();
    }

    private String callThrough(String namespace, String address, int port, int count, String word) throws Exception {
        return run(namespace, SocksCallMain.class, address, "" + port, "" + count, word)
                .lines()
                .toList()
                .getLast();
    }

    /** What the client's ztunnel has to show, and whom it trusts. */
    ShownCertificate certificate() throws Exception {
        String dump = run(Namespaces.CLIENT, FetchMain.class, "http://127.0.0.1:15000/config_dump");
        return ShownCertificate.read(dump, LabIdentities.CLIENT);
    }

    /** Whether that word is anywhere in a process's memory. */
    boolean remembers(String name, String word) throws IOException {
        return new ProcessMemory(children.pid(name)).contains(word);
    }

    private String run(String namespace, Class<?> main, String... arguments) throws Exception {
        String name = startRun(namespace, main, arguments);
        awaitEnd(name);
        return log(name);
    }

    private String startRun(String namespace, Class<?> main, String... arguments) throws IOException {
        runs++;
        String name = "run-" + runs;
        program(name, namespace, main, arguments);
        return name;
    }

    /** What the newest client's ztunnel said. */
    String clientSaid() throws IOException {
        return log("client-ztunnel-" + clients);
    }

    /** All that a process said until now. */
    String log(String name) throws IOException {
        return Files.readString(children.log(name));
    }

    private void ztunnel(
            String name, String namespace, SpiffeId id, String pod, String mesh, String token, Duration life)
            throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".yaml"), mesh);
        boolean client = namespace.equals(Namespaces.CLIENT);
        ZtunnelConfig config = new ZtunnelConfig(
                id,
                pod,
                client ? LabIdentities.CLUSTER_EAST : LabIdentities.CLUSTER_WEST,
                client ? LabIdentities.NETWORK_EAST : LabIdentities.NETWORK_WEST,
                file,
                directory.resolve("root-cert.pem"),
                token,
                life);
        children.start(name, Namespaces.inside(namespace, config.command(ztunnel)));
        awaitLine(name, "marking server ready");
    }

    private void gatewayOf(String name, String address, String side, Path authority, Catalog knows) throws IOException {
        boolean east = side.equals("east");
        SpiffeId id = east ? LabIdentities.GATEWAY_EAST : LabIdentities.GATEWAY_WEST;
        ClusterId cluster = east ? LabIdentities.CLUSTER_EAST : LabIdentities.CLUSTER_WEST;
        gateway(name, address, side, identity(name, authority, cluster, id), knows);
    }

    private void gateway(String name, String address, String side, Path identity, Catalog knows) throws IOException {
        region(name, address, side, """
                  gateway:
                    name: gateway-%1$s
                    hbone: "%1$s:%2$d"
                %3$s    source: %1$s
                    loops: 1
                    drain: {accept: 0s, jitter: 0s, deadline: 300s}
                %4$s""".formatted(
                        address,
                        LabAddresses.HBONE_PORT,
                        side.equals("east") ? "    relay: \"" + address + ":" + LabAddresses.RELAY_PORT + "\"\n" : "",
                        sources(identity, catalog(name, knows))));
    }

    private Path identity(String name, Path authority, ClusterId cluster, SpiffeId id) {
        SpiffeId.ServiceAccount account = id.serviceAccount().orElseThrow();
        Path folder = directory.resolve(name + "-identity");
        ca(
                authority,
                "workload",
                "--name",
                cluster.name(),
                "--namespace",
                account.namespace(),
                "--service-account",
                account.name(),
                "--out",
                folder.toString());
        return folder;
    }

    private Path catalog(String name, Catalog knows) throws IOException {
        return Files.writeString(directory.resolve(name + "-catalog.yaml"), FileCatalog.print(knows));
    }

    private String sources(Path identity, Path catalog) {
        return """
                identity-from:
                  files:
                    chain: %1$s/workload-cert-chain.pem
                    key: %1$s/key.pem
                    bundles: {%2$s: %3$s}
                catalog-from: {file: %4$s}
                """.formatted(identity, LabIdentities.TRUST_DOMAIN, directory.resolve("root-cert.pem"), catalog)
                .indent(4);
    }

    /** The client's token is a service account's, which the lab's API reviews; the server's is a static one. */
    private String trustYaml() throws IOException {
        SpiffeId.ServiceAccount client = LabIdentities.CLIENT.serviceAccount().orElseThrow();
        return """
                  kube:
                    listen: "%1$s"
                    manifests: %2$s
                    kubeconfig: %3$s
                    tokens: [{file: %4$s, namespace: %5$s, service-account: %6$s}]
                """.formatted(
                                LabAddresses.KUBE,
                                Files.createDirectories(directory.resolve("manifests")),
                                directory.resolve("kubeconfig"),
                                Files.writeString(directory.resolve("client-token"), CLIENT_TOKEN),
                                client.namespace(),
                                client.name())
                + """
                  trust:
                    listen: "%s:%d"
                    id: %s
                    ca: %s
                    demo: true
                    static-tokens: [{sha256: %s, id: "%s"}]
                    serving-names: [{id: "%3$s", names: [%s]}]
                    kube: {kubeconfig: %s}
                """.formatted(
                                LabAddresses.CERTIFICATES,
                                LabAddresses.CERTIFICATES_PORT,
                                LabIdentities.CERTIFICATES,
                                directory.resolve(LabIdentities.CLUSTER_EAST.name()),
                                sha256(SERVER_TOKEN),
                                LabIdentities.SERVER,
                                LabIdentities.CERTIFICATES_NAME,
                                directory.resolve("kubeconfig"));
    }

    private void region(String name, String address, String side, String roles) throws IOException {
        String text = """
                region: us-%1$s
                cluster: %1$s-1
                network: net-%1$s
                admin: "%2$s:15020"
                revocation: {crl: ca-crl.pem}
                roles:
                """.formatted(side, address) + roles;
        Path file = Files.writeString(directory.resolve(name + ".yaml"), text);
        children.start(
                name,
                Namespaces.inside(Namespaces.MESH, beringia("run", "--config", file.toString(), "--end-with-input")));
    }

    private void program(String name, String namespace, Class<?> main, String... arguments) throws IOException {
        children.start(name, Namespaces.inside(namespace, java(main.getName(), arguments)));
    }

    /** Waits until a process that runs has said that. */
    void awaitLine(String name, String part) {
        await(name + " to say \"" + part.strip() + "\"")
                .atMost(READY_WITHIN)
                .failFast(name + " ended", () -> !children.isRunning(name))
                .until(() -> log(name).contains(part));
    }

    /** As users start it where {@code lab.beringia} is the path of its launcher; else quickly, for what is short. */
    static List<String> beringia(String... arguments) {
        String launcher = System.getProperty("lab.beringia", "");
        if (launcher.isEmpty()) {
            return java("io.beringia.cli.Beringia", arguments);
        }
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(List.of(arguments));
        return command;
    }

    static List<String> java(String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(List.of(arguments));
        return command;
    }

    static void ca(Path directory, String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, "--dir", directory.toString()));
        arguments.addAll(Arrays.asList(options));
        int code = new CommandLine(new CaCommand())
                .setOut(new PrintWriter(Writer.nullWriter()))
                .execute(arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IllegalStateException("ca " + arguments + ": " + code + " (expected: 0)");
        }
    }

    static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (expected: part of every JDK)", e);
        }
    }

    @Override
    public void close() throws Exception {
        try (namespaces) {
            for (String name : children.names()) {
                children.kill(name);
            }
            children.close();
        }
    }
}
