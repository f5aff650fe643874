package io.beringia.discovery.cli;

import io.beringia.discovery.explain.ExplainClient;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which discovery to ask, and as whom. */
final class ApiOptions {
    @Mixin
    private OperatorOptions operator = new OperatorOptions();

    @Option(
            names = "--api",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:15035",
            description = "The discovery to ask, at its port for callers with an SVID (default: ${DEFAULT-VALUE}).")
    private String api = "";

    /** Nothing is asked yet; the caller closes it. */
    ExplainClient open() {
        return operator.open(api);
    }
}
