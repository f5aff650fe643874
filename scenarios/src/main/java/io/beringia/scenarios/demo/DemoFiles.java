package io.beringia.scenarios.demo;

import io.beringia.failover.cli.CandidateStatus;
import io.beringia.trust.cli.CaCommand;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Writes everything that the demo's processes read: a root, an intermediate for each cluster, a token for each workload,
 * manifests and configurations. All of it below one new directory.
 */
public final class DemoFiles {
    static final String MESH = "demo";

    /** Hours of holding back become half minutes. */
    static final int TIMING = 100;

    private static final List<String> MANIFESTS =
            List.of("places.yaml", "gateway.yaml", "probe.yaml", "echo.yaml", "web.yaml");
    private static final int TOKEN_BYTES = 16;

    private final Path directory;
    private final SecureRandom random = new SecureRandom();
    private final MessageDigest digest = sha256();

    private DemoFiles(Path directory) {
        this.directory = directory;
    }

    /** Into that directory, which is made if it is missing and must hold no other run. */
    public static DemoFiles write(Path directory) throws IOException {
        DemoFiles files = new DemoFiles(directory);
        Files.createDirectories(directory);
        files.ca("root", "--demo", "--trust-domain", DemoRegion.TRUST_DOMAIN.name());
        for (DemoRegion site : DemoRegion.SITES) {
            files.ca("intermediate", "--name", site.cluster().name());
        }
        files.operator();
        files.writeWitness();
        for (DemoRegion region : DemoRegion.ALL) {
            files.writeRegion(region);
        }
        return files;
    }

    /** Of every process that is told by one what to be. */
    public List<Path> configs() {
        Stream<Path> regions = DemoRegion.ALL.stream()
                .flatMap(region -> Stream.of(
                        DemoProcesses.control(region),
                        DemoProcesses.gateway(region, 0),
                        DemoProcesses.gateway(region, 1),
                        DemoProcesses.server(region),
                        DemoProcesses.client(region)))
                .map(this::config);
        return Stream.concat(Stream.of(config(DemoProcesses.WITNESS)), regions).toList();
    }

    /** Of a process, by its name. */
    Path config(String process) {
        return directory.resolve(process.replace('/', '-') + ".yaml");
    }

    Path journal(DemoRegion region) {
        return directory.resolve(region.region() + "-served.txt");
    }

    /** What every site issued, decided and carried. */
    DemoLedgers ledgers() {
        Stream<Path> decided = DemoRegion.SITES.stream()
                .map(this::ledger)
                .flatMap(folder -> Stream.of("issuance", "failover").map(folder::resolve));
        return new DemoLedgers(Stream.concat(decided, connectionLogs().stream()).toList());
    }

    /** One of each gateway, the observer's too. */
    private List<Path> connectionLogs() {
        Stream<Path> gateways = DemoRegion.ALL.stream()
                .flatMap(region -> IntStream.range(0, DemoRegion.GATEWAYS)
                        .mapToObj(index -> Path.of(ledger(region) + "-" + gatewayName(index))));
        return Stream.concat(gateways, Stream.of(ledger(DemoRegion.WITNESS)))
                .map(folder -> folder.resolve("connections"))
                .toList();
    }

    private Path ledger(DemoRegion site) {
        return directory.resolve("ledger-" + site.cluster());
    }

    private static String gatewayName(int index) {
        return "gateway-" + index;
    }

    Path kubeconfig(DemoRegion region) {
        return directory.resolve(region.region() + ".kubeconfig");
    }

    /** Chain, key and roots of somebody who may command. */
    List<Path> operatorIdentity() {
        return Stream.of("workload-cert-chain.pem", "key.pem", "root-cert.pem")
                .map(directory.resolve("operator")::resolve)
                .toList();
    }

    /** How a command about regions is told whom to ask, and as whom. */
    public List<String> operatorOptions() {
        return List.of(
                "--identity",
                operatorIdentity().stream().map(Path::toString).collect(Collectors.joining(",")),
                "--api",
                DemoRegion.SITES.stream()
                        .map(site -> site.at(DemoRegion.Door.OPERATOR).toString())
                        .collect(Collectors.joining(",")));
    }

    /** What that site's candidate shows. */
    CandidateStatus candidate(DemoRegion site) {
        return CandidateStatus.of(
                site.at(DemoRegion.Door.OPERATOR).toString(),
                operatorIdentity(),
                site.controlIdentity("failover")::equals);
    }

    /** SHA-256, in hex, over every configuration and manifest as it was written. */
    String digest() throws IOException {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException impossible) {
            throw new IOException("SHA-256 cannot be read on", impossible);
        }
    }

    private void writeWitness() throws IOException {
        write("configs/witness.yaml", config(DemoProcesses.WITNESS), values(DemoRegion.WITNESS));
    }

    private void writeRegion(DemoRegion region) throws IOException {
        Path manifests = directory.resolve(region.region() + "-manifests");
        Files.createDirectories(manifests);
        Map<String, String> values = values(region);
        for (String file : MANIFESTS) {
            write("manifests/" + file, manifests.resolve(file), values);
        }
        write("configs/control.yaml", config(DemoProcesses.control(region)), values);
        write("configs/server.yaml", config(DemoProcesses.server(region)), values);
        write("configs/client.yaml", config(DemoProcesses.client(region)), values);
        for (int index = 0; index < DemoRegion.GATEWAYS; index++) {
            Map<String, String> ofGateway = new TreeMap<>(values);
            ofGateway.put("name", gatewayName(index));
            ofGateway.put("gateway", region.gateway(index).toString());
            write("configs/gateway.yaml", config(DemoProcesses.gateway(region, index)), ofGateway);
        }
    }

    private void write(String template, Path to, Map<String, String> values) throws IOException {
        String text = Template.read(template).filled(values);
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        Files.writeString(to, text);
    }

    /** Names and addresses of one site, of the two others as {@code a} and {@code b}, and a token for each account. */
    private Map<String, String> values(DemoRegion site) throws IOException {
        Map<String, String> values = new TreeMap<>(Map.of(
                "trust-domain", DemoRegion.TRUST_DOMAIN.name(),
                "server", site.server().toString(),
                "client", site.client().toString(),
                "probe", site.probe().toString(),
                "gateway-0", site.gateway(0).toString(),
                "gateway-1", site.gateway(1).toString(),
                "witness-control", DemoRegion.WITNESS.control().toString()));
        place("", site, values);
        place("a-", site.others().getFirst(), values);
        place("b-", site.others().getLast(), values);
        values.put("timing", Integer.toString(TIMING));
        values.put("tokens", tokens(site));
        return values;
    }

    private static void place(String prefix, DemoRegion site, Map<String, String> values) {
        values.put(prefix + "region", site.region().name());
        values.put(prefix + "cluster", site.cluster().name());
        values.put(prefix + "network", site.network().name());
        values.put(prefix + "control", site.control().toString());
    }

    /** A token for each account, in a file of its own; the certificate server knows only what they hash to. */
    private String tokens(DemoRegion site) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (SpiffeId id : identities(site)) {
            String token = HexFormat.of().formatHex(random(TOKEN_BYTES));
            String account = id.serviceAccount().orElseThrow().name();
            Files.writeString(directory.resolve(account + ".token"), token);
            String hash = HexFormat.of().formatHex(sha256().digest(token.getBytes(StandardCharsets.UTF_8)));
            lines.append("    - {sha256: ")
                    .append(hash)
                    .append(", id: \"")
                    .append(id)
                    .append("\"}\n");
        }
        return lines.toString().stripTrailing();
    }

    private static List<SpiffeId> identities(DemoRegion site) {
        Stream<SpiffeId> control =
                Stream.of("discovery", "failover", "gateway", "probe").map(site::controlIdentity);
        Stream<SpiffeId> workloads =
                site.isWitness() ? Stream.of() : Stream.of(site.clientIdentity(), site.serverIdentity());
        return Stream.concat(control, workloads).toList();
    }

    private void operator() {
        ca(
                "workload",
                "--name",
                DemoRegion.WITNESS.cluster().name(),
                "--namespace",
                DemoRegion.SYSTEM,
                "--service-account",
                "operator",
                "--out",
                directory.resolve("operator").toString());
    }

    private void ca(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, "--dir", directory.toString()));
        arguments.addAll(Arrays.asList(options));
        StringWriter said = new StringWriter();
        int code = new CommandLine(new CaCommand())
                .setOut(new PrintWriter(Writer.nullWriter()))
                .setErr(new PrintWriter(said))
                .execute(arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IllegalStateException(
                    "beringia ca " + command + ": " + said.toString().strip());
        }
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is missing in this Java", impossible);
        }
    }
}
