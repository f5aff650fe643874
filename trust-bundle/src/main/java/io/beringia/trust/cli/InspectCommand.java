package io.beringia.trust.cli;

import io.beringia.trust.authority.CacertsChange;
import io.beringia.trust.kube.KubeApi;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.PemFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code beringia ca inspect}: what certificates say, and what is wrong with them. Exits with 1 on an error among them. */
@Command(
        name = "inspect",
        description = "Show certificates of files, of istiod's Secret or of an endpoint, and what is wrong with them.")
final class InspectCommand implements Callable<Integer> {
    private static final Pattern ENDPOINT = Pattern.compile("\\[?([^/]+?)]?:([0-9]{1,5})");
    private static final String SECRET = "secret";
    private static final int ERRORS = 1;

    /** A mesh of sixty clusters has fewer. */
    private static final int FILES_MAX = 256;

    private static final String ROW = "%-32s %2s  %-12s %-5s %-20s  %s%n";

    @Parameters(
            paramLabel = "PATH|secret|HOST:PORT",
            description = "A PEM file, a folder of them, the Secret cacerts, or an endpoint of TLS.")
    private String target = "";

    @Option(names = "--roots", paramLabel = "FILE", description = "Roots by which workloads are verified.")
    private List<Path> roots = new ArrayList<>();

    @Option(
            names = "--namespace",
            defaultValue = "${env:ISTIO_NAMESPACE:-istio-system}",
            description = "Where the Secret is (default: istio-system, or ISTIO_NAMESPACE).")
    private String namespace = "istio-system";

    @Option(names = "--kubeconfig", description = "Of the Secret's cluster (default: as kubectl finds it).")
    private Optional<Path> kubeconfig = Optional.empty();

    @Option(names = "--context", description = "In the kubeconfig (default: its current one).")
    private Optional<String> context = Optional.empty();

    @Option(names = "--json", description = "Report in JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final InstantSource clock = InstantSource.system();

    @Override
    public Integer call() throws IOException {
        List<X509Certificate> accepted = roots.stream()
                .flatMap(file -> PemFile.certificates(file).stream())
                .toList();
        Inspection.Found found = found(accepted);
        if (json) {
            spec.commandLine().getOut().println(JsonMapper.shared().writeValueAsString(found));
        } else {
            print(found);
        }
        return found.hasErrors() ? ERRORS : 0;
    }

    private void print(Inspection.Found found) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(ROW, "FROM", "#", "KIND", "KEY", "ENDS", "NAME");
        found.rows()
                .forEach(
                        row -> out.printf(ROW, row.file(), row.index(), row.kind(), row.key(), row.ends(), row.name()));
        found.remarks()
                .forEach(it -> out.println(it.level().toLowerCase(Locale.ROOT) + " " + it.file() + ": " + it.what()));
        out.flush();
    }

    /** A file of that name is meant before anything else. */
    private Inspection.Found found(List<X509Certificate> accepted) throws IOException {
        Path path = Path.of(target);
        if (Files.exists(path)) {
            return Inspection.of(files(path), accepted, clock.instant());
        }
        Matcher endpoint = ENDPOINT.matcher(target);
        if (endpoint.matches()) {
            String shown = Pem.write(TlsLook.at(endpoint.group(1), Integer.parseInt(endpoint.group(2))));
            return Inspection.of(Map.of(target, shown), accepted, clock.instant());
        }
        if (target.equals(SECRET)) {
            CacertsChange.Existing secret = secret();
            return Inspection.of(new TreeMap<>(secret.files()), accepted, clock.instant())
                    .changed(secret.drift());
        }
        throw new IllegalArgumentException(
                "\"" + target + "\": no such file (expected: a PEM file, a folder, secret, or host:port)");
    }

    private CacertsChange.Existing secret() {
        try (KubeApi api = KubeApi.ofOperator(kubeconfig, context, clock)) {
            return api.cacerts(namespace)
                    .read()
                    .orElseThrow(() -> new IllegalArgumentException(namespace
                            + "/cacerts: no such Secret (expected: one, or istiod signs with a root of its own)"));
        }
    }

    /** A folder is looked at alone: what lies deeper belongs to somebody else. */
    private static Map<String, String> files(Path path) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (Path file : Files.isDirectory(path) ? pemFilesOf(path) : List.of(path)) {
            texts.put(String.valueOf(file.getFileName()), Files.readString(file, StandardCharsets.ISO_8859_1));
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException(path + ": no *.pem in it (expected: certificates)");
        }
        return texts;
    }

    private static List<Path> pemFilesOf(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> found = all.filter(file -> file.toString().endsWith(".pem"))
                    .limit(FILES_MAX + 1L)
                    .toList();
            if (found.size() > FILES_MAX) {
                throw new IllegalArgumentException(
                        folder + ": more than " + FILES_MAX + " *.pem (expected: at most so many, name one file)");
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("folder: " + folder + " (expected: a readable one)", e);
        }
    }
}
