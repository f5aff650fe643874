package io.beringia.cli;

import io.beringia.scenarios.connect.CaseResult;
import io.beringia.scenarios.connect.ClientIdentity;
import io.beringia.scenarios.connect.ConnectSuite;
import io.beringia.scenarios.connect.ScoreJson;
import io.beringia.scenarios.connect.ScoreTable;
import io.beringia.scenarios.connect.SuiteCase;
import io.beringia.scenarios.connect.SuiteTarget;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Asks any implementation of CONNECT over HTTP/2 how it keeps to RFC 9113; exit 0 only if every case passed. */
@Command(
        name = "connect-suite",
        description = "Test a CONNECT proxy over HTTP/2, ours or another, by RFC 9113, RFC 9110 and Istio's HBONE.")
final class ConnectSuiteCommand implements Callable<Integer> {
    /** As {@code beringia ca workload} writes them. */
    private static final String CHAIN = "workload-cert-chain.pem";

    private static final String KEY = "key.pem";

    @Option(names = "--target", required = true, paramLabel = "HOST:PORT", description = "Where it takes HTTP/2.")
    private String target;

    @Option(
            names = "--identity",
            paramLabel = "DIR",
            description =
                    "Holds " + CHAIN + " and " + KEY + " of a client; without it: HTTP/2 in the open, prior knowledge.")
    private Optional<Path> identity = Optional.empty();

    @Option(
            names = "--service",
            required = true,
            paramLabel = "HOST:PORT",
            description = "An authority for which the target connects to --backend.")
    private String service;

    @Option(
            names = "--backend",
            required = true,
            paramLabel = "HOST:PORT",
            description = "Where the suite itself listens as that service.")
    private String backend;

    @Option(
            names = "--unknown",
            defaultValue = "nobody.invalid:80",
            paramLabel = "HOST:PORT",
            description = "An authority that the target does not serve (default: ${DEFAULT-VALUE}).")
    private String unknown;

    @Option(names = "--only", paramLabel = "TEXT", description = "Only cases with that in their group/name.")
    private Optional<String> only = Optional.empty();

    @Option(
            names = "--patience",
            defaultValue = "5",
            paramLabel = "SECONDS",
            description = "How long an answer may take (default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(names = "--output", defaultValue = "table", paramLabel = "table|json", description = "How to show it.")
    private Output output;

    /** How results are shown. */
    enum Output {
        table,
        json
    }

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (ConnectSuite suite = ConnectSuite.against(target())) {
            List<CaseResult> results = chosen().stream().map(suite::play).toList();
            show(results, spec.commandLine().getOut());
            return results.stream().anyMatch(CaseResult.Failed.class::isInstance) ? ExitCode.FAILED : ExitCode.DONE;
        }
    }

    private SuiteTarget target() {
        return new SuiteTarget(
                address("--target", target),
                identity.map(directory -> ClientIdentity.load(directory.resolve(CHAIN), directory.resolve(KEY))),
                service,
                unknown,
                address("--backend", backend),
                Duration.ofSeconds(patience));
    }

    private InetSocketAddress address(String option, String text) {
        try {
            RegionConfig.HostAndPort parsed = RegionConfig.HostAndPort.parse(text);
            InetSocketAddress address = new InetSocketAddress(parsed.host(), parsed.port());
            if (address.isUnresolved()) {
                throw new IllegalArgumentException(text + " (expected: a host that resolves)");
            }
            return address;
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), option + ": " + wrong.getMessage(), wrong);
        }
    }

    private List<SuiteCase> chosen() {
        List<SuiteCase> chosen = ConnectSuite.cases().stream()
                .filter(one -> (one.group() + "/" + one.name()).contains(only.orElse("")))
                .toList();
        if (chosen.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--only: " + only.orElse("") + " (expected: part of the name of a case)");
        }
        return chosen;
    }

    private void show(List<CaseResult> results, PrintWriter out) {
        out.print(
                switch (output) {
                    case table -> ScoreTable.print(results);
                    case json ->
                        JsonMapper.builder()
                                        .build()
                                        .writerWithDefaultPrettyPrinter()
                                        .writeValueAsString(ScoreJson.of(results))
                                + "\n";
                });
        out.flush();
    }
}
