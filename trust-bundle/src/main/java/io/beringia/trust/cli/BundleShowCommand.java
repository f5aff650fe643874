package io.beringia.trust.cli;

import io.beringia.trust.federation.BundleDocument;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code beringia trust bundle show}: what a bundle says, and whether we would take it for a trust domain's. */
@Command(name = "show", description = "Show the roots of a SPIFFE bundle, and what of it is no root.")
final class BundleShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "A SPIFFE bundle in JSON.")
    private Path file = Path.of("");

    @Option(
            names = "--trust-domain",
            required = true,
            description = "Whose it is to be: roots that name another one refuse it.")
    private String trustDomain = "";

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: ${DEFAULT-VALUE}).")
    private LedgerReport.Output output = LedgerReport.Output.table;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        BundleDocument bundle = BundleDocument.parse(TrustDomain.parse(trustDomain), Files.readAllBytes(file));
        PrintWriter out = spec.commandLine().getOut();
        ShownBundle shown = ShownBundle.of(bundle);
        if (output == LedgerReport.Output.json) {
            out.println(JsonMapper.shared().writeValueAsString(shown));
        } else {
            shown.print(out);
        }
        return 0;
    }
}
