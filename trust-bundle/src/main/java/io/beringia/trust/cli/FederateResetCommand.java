package io.beringia.trust.cli;

import io.beringia.trust.federation.LastGoodBundles;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code beringia trust federate reset}: an operator takes it on himself that the next bundle is the right one. */
@Command(
        name = "reset",
        description = "Forget the last good bundle of a trust domain: the next one is taken whatever its sequence.")
final class FederateResetCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TRUST-DOMAIN", description = "Whose bundle is forgotten.")
    private String trustDomain = "";

    @Option(
            names = "--dir",
            required = true,
            description = "The federation.dir of the role trust: the folder federation beside its CA.")
    private Path dir = Path.of("");

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        TrustDomain domain = TrustDomain.parse(trustDomain);
        if (!new LastGoodBundles(dir).forget(domain)) {
            throw new IllegalArgumentException(dir + ": no bundle of " + domain + " (expected: one to forget)");
        }
        spec.commandLine()
                .getOut()
                .println("forgot the bundle of " + domain
                        + "; a running role trust asks anew when the last hint is over");
        return 0;
    }
}
