package io.beringia.trust.cli;

import io.beringia.trust.authority.CacertsChange;
import io.beringia.trust.authority.CacertsChange.Drift;
import io.beringia.trust.authority.PlugInCa;
import io.beringia.trust.kube.CacertsSecret;
import io.beringia.trust.kube.KubeApi;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code beringia ca secret}: the intermediate of a cluster, as istiod takes it. */
@Command(name = "secret", description = "Print the Secret cacerts for istiod, key and all, or write it into a cluster.")
final class SecretCommand implements Callable<Integer> {
    private static final int REFUSED = 1;

    @Option(names = "--name", required = true, description = "Cluster whose intermediate istiod is to sign with.")
    private String name = "";

    @Option(
            names = "--namespace",
            defaultValue = "${env:ISTIO_NAMESPACE:-istio-system}",
            description = "Where istiod runs (default: istio-system, or ISTIO_NAMESPACE).")
    private String namespace = "istio-system";

    @Option(names = "--apply", description = "Write it, in one request that carries all files.")
    private boolean apply;

    @Option(
            names = "--take-over",
            description = "With --apply: replace it also where somebody changed it since it was written here.")
    private boolean takeOver;

    @Option(names = "--kubeconfig", description = "Of that cluster (default: as kubectl finds it).")
    private Optional<Path> kubeconfig = Optional.empty();

    @Option(names = "--context", description = "In the kubeconfig (default: its current one).")
    private Optional<String> context = Optional.empty();

    @Option(names = "--dir", defaultValue = ".", description = "Folder of the root (default: ${DEFAULT-VALUE}).")
    private Path dir = Path.of(".");

    @Spec
    private CommandSpec spec;

    private final InstantSource clock = InstantSource.system();

    @Override
    public Integer call() {
        PlugInCa wanted = read(new CaFolder(dir));
        List<String> problems = wanted.problems(clock.instant());
        if (!problems.isEmpty()) {
            problems.forEach(spec.commandLine().getErr()::println);
            return REFUSED;
        }
        return apply ? apply(wanted) : print(wanted);
    }

    private int print(PlugInCa wanted) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(CacertsSecret.yaml(wanted, namespace));
        out.flush();
        return 0;
    }

    private int apply(PlugInCa wanted) {
        try (KubeApi api = KubeApi.ofOperator(kubeconfig, context, clock)) {
            CacertsSecret secret = api.cacerts(namespace);
            CacertsChange change = CacertsChange.of(
                    secret.read(), wanted, secret.isMultiRoot(), takeOver ? Drift.OVERWRITTEN : Drift.KEPT);
            if (change instanceof CacertsChange.Refuse refused) {
                spec.commandLine().getErr().println(refused.why());
                return REFUSED;
            }
            secret.write(change, wanted);
            spec.commandLine().getOut().println(word(change) + " " + namespace + "/cacerts: " + subject(wanted));
            return 0;
        }
    }

    private static String word(CacertsChange change) {
        return switch (change) {
            case CacertsChange.Create create -> "created";
            case CacertsChange.Replace replace -> "replaced";
            case CacertsChange.Rest rest -> "unchanged";
            case CacertsChange.Refuse refuse -> "refused";
        };
    }

    private static String subject(PlugInCa wanted) {
        return wanted.certificate().getSubjectX500Principal() + ", valid until "
                + wanted.certificate().getNotAfter().toInstant();
    }

    private PlugInCa read(CaFolder folder) {
        Map<String, String> files = new HashMap<>();
        for (String file : PlugInCa.FILES) {
            files.put(file, text(folder.cluster(name).resolve(file)));
        }
        if (Files.exists(folder.revoked())) {
            files.put(PlugInCa.LISTS, text(folder.revoked()));
        }
        return PlugInCa.of(files);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException("file: " + file + " (expected: a readable file)", e);
        }
    }
}
