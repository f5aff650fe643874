package io.beringia.cli;

import io.beringia.discovery.DiscoveryConfig;
import io.beringia.discovery.cli.ExportPreviewTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code beringia exports}: whom services of our cluster go to. */
@Command(
        name = "exports",
        description = "Show whom services of a cluster go to.",
        subcommands = ExportsCommand.Preview.class)
final class ExportsCommand implements Runnable {
    /** Something of what would be applied, or is, says nothing for a mistake in it. */
    private static final int REFUSED = 3;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing (expected: preview)");
    }

    /** By the role's own configuration, so that it shows what the role would do. */
    @Command(
            name = "preview",
            description = "Show what would leave, to whom and why, before a policy is applied. Exits with 3 where an "
                    + "object says nothing for a mistake in it.")
    static final class Preview implements Callable<Integer> {
        @Option(
                names = "--config",
                required = true,
                paramLabel = "FILE",
                description = "The configuration of the role discovery, in YAML.")
        private Path config;

        @Option(
                names = "--policy",
                paramLabel = "FILE",
                description = "ExportPolicies and PeerClusters that are not applied yet; none: show what is.")
        private List<Path> policies = List.of();

        @Option(names = "--output", defaultValue = "table", description = "table (default) or json.")
        private Output output;

        @Spec
        private CommandSpec spec;

        /** Named as it is typed. */
        private enum Output {
            table,
            json
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            DiscoveryConfig role = RegionConfigFile.read(config)
                    .discovery()
                    .map(RegionConfig.Identified::config)
                    .orElseThrow(() -> new IllegalArgumentException(
                            config + ": roles without discovery (expected: the role that exports)"));
            ExportPreviewTable preview =
                    ExportPreviewTable.read(role, policies, spec.commandLine().getErr());
            PrintWriter out = spec.commandLine().getOut();
            switch (output) {
                case table -> preview.print(out);
                case json -> preview.printJson(out);
            }
            return preview.hasRefused() ? REFUSED : ExitCode.DONE;
        }
    }
}
