package io.beringia.trust.cli;

import io.beringia.trust.client.DurableFile;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.workload.WorkloadClient;
import io.beringia.trust.workload.WorkloadClient.Answer;
import io.beringia.trust.workload.WorkloadClient.Identity;
import io.beringia.trust.workload.WorkloadConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code beringia trust workload fetch}: as {@code spire-agent api fetch x509}, with the same files. */
@Command(name = "fetch", description = "Show the X.509 identities that this process gets, and write them if wanted.")
final class WorkloadFetchCommand implements Callable<Integer> {
    private static final int SECONDS_MAX = 300;
    private static final String ROW = "%-56s %-12s %-20s %5s %5s%n";

    @Option(
            names = "--endpoint",
            paramLabel = "URI",
            defaultValue = "${env:SPIFFE_ENDPOINT_SOCKET}",
            description = "Where the Workload API is: unix:///path (default: SPIFFE_ENDPOINT_SOCKET, or"
                    + " unix:///run/beringia/workload.sock).")
    private Optional<String> endpoint = Optional.empty();

    @Option(
            names = "--write",
            paramLabel = "DIR",
            description = "Write svid.N.pem, svid.N.key, bundle.N.pem and federated_bundle.N.M.pem into DIR.")
    private Optional<Path> write = Optional.empty();

    @Option(names = "--timeout", defaultValue = "5", description = "Seconds (default: ${DEFAULT-VALUE}).")
    private int timeout = 5;

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: ${DEFAULT-VALUE}).")
    private LedgerReport.Output output = LedgerReport.Output.table;

    @Spec
    private CommandSpec spec;

    /** One identity as JSON shows it: never its key. */
    record Row(String id, String hint, String notBefore, String notAfter, int certificates, int roots) {}

    /** The answer as JSON shows it. */
    record Whole(List<Row> svids, Map<String, Integer> federatedRoots, List<String> files) {}

    @Override
    public Integer call() {
        if (timeout < 1 || timeout > SECONDS_MAX) {
            throw new IllegalArgumentException("--timeout: " + timeout + " (expected: 1 to " + SECONDS_MAX + ")");
        }
        Path socket =
                endpoint.filter(it -> !it.isEmpty()).map(WorkloadClient::socket).orElse(WorkloadConfig.DEFAULT_SOCKET);
        Answer answer = WorkloadClient.fetch(socket, Duration.ofSeconds(timeout));
        List<String> files = write.map(dir -> written(dir, answer)).orElse(List.of());
        print(answer, files);
        return 0;
    }

    private static List<String> written(Path dir, Answer answer) {
        Map<String, String> open = new TreeMap<>();
        Map<String, String> secret = new TreeMap<>();
        for (int i = 0; i < answer.identities().size(); i++) {
            Identity identity = answer.identities().get(i);
            open.put("svid." + i + ".pem", Pem.write(identity.chain()));
            secret.put("svid." + i + ".key", Pem.write(identity.key()));
            open.put("bundle." + i + ".pem", Pem.write(identity.roots()));
            int domain = 0;
            for (List<X509Certificate> roots : answer.federated().values()) {
                open.put("federated_bundle." + i + "." + domain++ + ".pem", Pem.write(roots));
            }
        }
        List<String> files = new ArrayList<>();
        try {
            for (Map.Entry<String, String> one : secret.entrySet()) {
                DurableFile.write(dir.resolve(one.getKey()), one.getValue().getBytes(StandardCharsets.US_ASCII));
                files.add(dir.resolve(one.getKey()).toString());
            }
            for (Map.Entry<String, String> one : open.entrySet()) {
                DurableFile.writeOpen(dir.resolve(one.getKey()), one.getValue().getBytes(StandardCharsets.US_ASCII));
                files.add(dir.resolve(one.getKey()).toString());
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException("--write: " + dir + " (expected: a folder we may write to)", e);
        }
    }

    private void print(Answer answer, List<String> files) {
        PrintWriter out = spec.commandLine().getOut();
        List<Row> rows =
                answer.identities().stream().map(WorkloadFetchCommand::row).toList();
        Map<String, Integer> federated = new TreeMap<>();
        answer.federated().forEach((domain, roots) -> federated.put(domain, roots.size()));
        if (output == LedgerReport.Output.json) {
            out.println(JsonMapper.shared().writeValueAsString(new Whole(rows, federated, files)));
            return;
        }
        out.printf(ROW, "SPIFFE ID", "HINT", "VALID UNTIL", "CHAIN", "ROOTS");
        rows.forEach(row -> out.printf(
                ROW,
                row.id(),
                row.hint().isEmpty() ? "-" : row.hint(),
                row.notAfter(),
                row.certificates(),
                row.roots()));
        federated.forEach((domain, roots) -> out.println("federated with " + domain + ", " + roots + " roots"));
        files.forEach(file -> out.println("written " + file));
    }

    private static Row row(Identity identity) {
        X509Certificate leaf = identity.chain().getFirst();
        return new Row(
                identity.id(),
                identity.hint(),
                leaf.getNotBefore().toInstant().toString(),
                leaf.getNotAfter().toInstant().toString(),
                identity.chain().size(),
                identity.roots().size());
    }
}
