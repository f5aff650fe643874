package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/**
 * One region that is a trust domain of its own, started from files as an operator writes them (see the resources
 * {@code federated}): its CA, its control plane with a gateway, an application behind its proxy, and the proxy of somebody
 * who calls the other region's application. The gateway of the east relays what its own workloads send; those of the west
 * dial the remote gateway themselves. Owned by one test.
 *
 * @param net the first three octets of its addresses, and a dot
 */
record FederatedSite(Path directory, Side side, String net, Map<Part, RegionProcess> running) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> ACCOUNTS = List.of("discovery", "gateway", "echo", "web");
    private static final int CONTROL_HOST = 1;
    private static final int GATEWAY_HOST = 2;
    private static final int SERVER_HOST = 10;
    private static final int CLIENT_HOST = 20;

    enum Side {
        EAST("relay"),
        WEST("direct");

        private final String mode;

        Side(String mode) {
            this.mode = mode;
        }

        @Override
        public String toString() {
            return this == EAST ? "east" : "west";
        }
    }

    /** Its processes. */
    enum Part {
        CA("ca.yaml", CONTROL_HOST, 15_021),
        CONTROL("control.yaml", CONTROL_HOST, 15_020),
        SERVER("server.yaml", SERVER_HOST, 15_020),
        /** In the place of the server. */
        IMPOSTER("imposter.yaml", SERVER_HOST, 15_020),
        CLIENT("client.yaml", CLIENT_HOST, 15_020);

        private final String file;
        private final int host;
        private final int admin;

        Part(String file, int host, int admin) {
            this.file = file;
            this.host = host;
            this.admin = admin;
        }
    }

    /** Makes its root, its intermediate and its tokens; nothing runs yet. */
    static FederatedSite in(Path all, Side side, String net) throws IOException {
        Path directory = Files.createDirectory(all.resolve(side.toString()));
        FederatedSite site = new FederatedSite(directory, side, net, new EnumMap<>(Part.class));
        LabCa.in(directory)
                .run("root", "--demo", "--trust-domain", site.domain().name());
        LabCa.in(directory).run("intermediate", "--name", site.cluster());
        for (String account : ACCOUNTS) {
            Files.writeString(directory.resolve(account + ".token"), site.token(account));
        }
        return site;
    }

    TrustDomain domain() {
        return new TrustDomain(side + ".example");
    }

    String cluster() {
        return side + "-1";
    }

    /** Of an application. */
    SpiffeId id(String account) {
        return SpiffeId.ofWorkload(domain(), "demo", account);
    }

    InetSocketAddress gateway() {
        return new InetSocketAddress(net + GATEWAY_HOST, 15_008);
    }

    private String token(String account) {
        return "token of " + account + " in the " + side;
    }

    /** Writes what its processes and its API read. */
    void write(FederatedSite other) throws IOException {
        Files.writeString(directory.resolve("partner.json"), other.exported());
        Files.write(
                directory.resolve("partner-root.pem"), Files.readAllBytes(other.directory.resolve("root-cert.pem")));
        write("manifests.yaml", Files.createDirectories(directory.resolve("manifests")), values(other));
        write("imposter-catalog.yaml", directory, values(other));
        for (Part part : Part.values()) {
            write(part.file, directory, values(other));
        }
    }

    /** The CA forgets the other trust domain from its next start on. */
    void endFederation(FederatedSite other) throws IOException {
        Map<String, String> values = values(other);
        values.put("partners", "");
        write(Part.CA.file, directory, values);
    }

    /** What {@code beringia trust bundle export} says of its root, for the other side's first question. */
    private String exported() {
        StringWriter said = new StringWriter();
        int code = Beringia.commandLine(Map.of())
                .setOut(new PrintWriter(said))
                .execute(
                        "trust",
                        "bundle",
                        "export",
                        directory.resolve("root-cert.pem").toString(),
                        "--trust-domain",
                        domain().name());
        assertThat(code).as("export").isZero();
        return said.toString();
    }

    private Map<String, String> values(FederatedSite other) throws IOException {
        Map<String, String> values = new HashMap<>();
        values.put("side", side.toString());
        values.put("mode", side.mode);
        values.put("domain", domain().name());
        values.put("cluster", cluster());
        values.put("control", net + CONTROL_HOST);
        values.put("gateway-address", net + GATEWAY_HOST);
        values.put("server", net + SERVER_HOST);
        values.put("client", net + CLIENT_HOST);
        values.put("their-side", other.side.toString());
        values.put("their-domain", other.domain().name());
        values.put("their-cluster", other.cluster());
        values.put("their-control", other.net + CONTROL_HOST);
        ACCOUNTS.forEach(account -> values.put(account, sha256(token(account))));
        values.put("partners", filled("partner.yaml", values));
        return values;
    }

    private static void write(String name, Path into, Map<String, String> values) throws IOException {
        Files.writeString(into.resolve(name), filled(name, values));
    }

    private static String filled(String name, Map<String, String> values) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(FederatedSite.class.getResourceAsStream("federated/" + name), name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, String> value : values.entrySet()) {
                text = text.replace("${" + value.getKey() + "}", value.getValue());
            }
            return text;
        }
    }

    void start(Part... parts) throws IOException {
        for (Part part : parts) {
            RegionConfig config = RegionConfigFile.read(directory.resolve(part.file));
            running.put(part, RegionProcess.start(config, new Startup(new CountDownLatch(1), line -> {})));
        }
    }

    void stop(Part part) {
        RegionProcess process = running.remove(part);
        if (process != null) {
            process.close();
        }
    }

    List<String> awaited() {
        return running.values().stream()
                .flatMap(process -> process.awaited().stream())
                .toList();
    }

    /** The application: says back whatever it hears, who called first. */
    ServerSocket application() throws IOException {
        ServerSocket listening = new ServerSocket(8_080, 50, InetAddress.getByName(net + SERVER_HOST));
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket socket = listening.accept();
                    Thread.ofVirtual().start(() -> echo(socket));
                }
            } catch (IOException closed) {
                return;
            }
        });
        return listening;
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException cutOff) {
            return;
        }
    }

    /** A connection to the other region's application. */
    Socket call() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(new InetSocketAddress(net + CLIENT_HOST, 7_001));
        return socket;
    }

    /** What the application there heard of one whole connection; nothing where none came about. */
    String heardThere() {
        try (Socket socket = call()) {
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException refused) {
            return "";
        }
    }

    /** The figures of a process, as Prometheus reads them. */
    String figures(Part part) throws IOException, InterruptedException {
        URI page = URI.create("http://" + net + part.host + ":" + part.admin + "/metrics");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(page).timeout(PATIENCE).build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Override
    public void close() {
        for (Part part : List.of(Part.CLIENT, Part.SERVER, Part.IMPOSTER, Part.CONTROL, Part.CA)) {
            stop(part);
        }
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("SHA-256: missing (expected: part of every JDK)", missing);
        }
    }
}
