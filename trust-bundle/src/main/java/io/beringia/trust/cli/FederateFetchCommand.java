package io.beringia.trust.cli;

import io.beringia.trust.federation.Federation;
import io.beringia.trust.federation.ForeignDomain;
import io.beringia.trust.federation.LastGoodBundles;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code beringia trust federate fetch}: what a bundle endpoint answers, before it stands in a configuration. Changes
 * nothing. Exits with 1 where its bundle would not take the place of the last good one.
 */
@Command(name = "fetch", description = "Ask a bundle endpoint once, as a role trust would, and show its answer.")
final class FederateFetchCommand implements Callable<Integer> {
    private static final int REFUSED = 1;

    @Option(names = "--trust-domain", required = true, description = "Whose bundle is asked for.")
    private String trustDomain = "";

    @Option(names = "--url", required = true, description = "Where it is served, https://host/path.")
    private URI url = URI.create("https://none.invalid/");

    @Option(
            names = "--endpoint-id",
            paramLabel = "SPIFFE-ID",
            description = "Who must answer (https_spiffe); left out, the URL's host is who (https_web).")
    private Optional<String> endpointId = Optional.empty();

    @Option(
            names = "--bootstrap",
            paramLabel = "FILE",
            description = "A SPIFFE bundle that vouches for the endpoint, while there is no last good one.")
    private Optional<Path> bootstrap = Optional.empty();

    @Option(
            names = "--web-roots",
            paramLabel = "FILE",
            description = "Roots in PEM that vouch for the URL's host (default: those of this Java).")
    private Optional<Path> webRoots = Optional.empty();

    @Option(
            names = "--dir",
            defaultValue = "federation",
            description = "The federation.dir of the role trust: the last good bundle there, if any, is compared with.")
    private Path dir = Path.of("");

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: ${DEFAULT-VALUE}).")
    private LedgerReport.Output output = LedgerReport.Output.table;

    @Spec
    private CommandSpec spec;

    /** The answer as JSON shows it. */
    record Whole(ShownBundle bundle, Optional<String> objection) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        TrustDomain domain = TrustDomain.parse(trustDomain);
        ForeignDomain foreign = new ForeignDomain(domain, url, profile());
        spec.commandLine().getErr().println("asking " + url + ", 10 s at most");
        Federation.Answer answer = Federation.ask(foreign, new LastGoodBundles(dir), InstantSource.system());
        PrintWriter out = spec.commandLine().getOut();
        ShownBundle shown = ShownBundle.of(answer.document());
        if (output == LedgerReport.Output.json) {
            out.println(JsonMapper.shared().writeValueAsString(new Whole(shown, answer.objection())));
        } else {
            shown.print(out);
            answer.objection().ifPresent(why -> out.println("refused " + why));
        }
        return answer.objection().isEmpty() ? 0 : REFUSED;
    }

    private ForeignDomain.Profile profile() {
        if (endpointId.isEmpty()) {
            return new ForeignDomain.Profile.Web(webRoots);
        }
        return new ForeignDomain.Profile.Spiffe(SpiffeId.parse(endpointId.get()), bootstrap);
    }
}
