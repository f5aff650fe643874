package io.beringia.discovery.cli;

import io.beringia.discovery.explain.ExplainClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code beringia peers forget}: a cluster is gone for good; only a person can say so. */
@Command(
        name = "forget",
        description = {
            "Drop at once all that one discovery holds of a cluster that is gone for good; it need not be reachable.",
            "Ask each replica. A cluster that speaks again comes back: take it out of discovery.peers, too."
        })
final class ForgetCommand implements Callable<Integer> {
    @Mixin
    private ApiOptions api = new ApiOptions();

    @Parameters(paramLabel = "CLUSTER")
    private String cluster = "";

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (ExplainClient client = api.open()) {
            int services = client.forget(cluster);
            spec.commandLine()
                    .getOut()
                    .println("forgotten: " + cluster + ", of which " + services + " services were held");
        }
        return 0;
    }
}
