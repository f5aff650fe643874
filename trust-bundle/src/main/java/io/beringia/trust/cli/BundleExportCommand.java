package io.beringia.trust.cli;

import io.beringia.trust.federation.BundleDocument;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.PemFile;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code beringia trust bundle export}: what the other side of a federation is given by hand, once. */
@Command(name = "export", description = "Print roots in PEM as a SPIFFE bundle, for the other side of a federation.")
final class BundleExportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "Roots in PEM.")
    private Path file = Path.of("");

    @Option(names = "--trust-domain", required = true, description = "Whose roots they are.")
    private String trustDomain = "";

    @Option(names = "--sequence", defaultValue = "1", description = "Higher than the last (default: ${DEFAULT-VALUE}).")
    private long sequence;

    @Option(
            names = "--refresh-hint",
            defaultValue = "300",
            paramLabel = "SECONDS",
            description = "How often to ask for a newer one (default: ${DEFAULT-VALUE}).")
    private long refreshHint;

    @Spec
    private CommandSpec spec;

    /** What is printed was read back: it names no other trust domain and holds nothing that we would refuse. */
    @Override
    public Integer call() {
        TrustDomain domain = TrustDomain.parse(trustDomain);
        byte[] json = BundleDocument.of(domain, sequence, Duration.ofSeconds(refreshHint), PemFile.certificates(file))
                .json();
        BundleDocument.parse(domain, json);
        PrintWriter out = spec.commandLine().getOut();
        out.print(new String(json, StandardCharsets.UTF_8));
        out.flush();
        return 0;
    }
}
