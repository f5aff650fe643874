package io.beringia.cli;

import io.beringia.discovery.cli.PeerClusterJoin;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code beringia join}: what two clusters must be told, so that they become one federation. */
@Command(
        name = "join",
        description = {
            "Look at the configurations of two clusters, and say what each must be told of the other: its peer, its roots"
                    + " where they are of another trust domain, and its PeerCluster.",
            "Configurations are only read. PeerClusters are applied where --kubeconfig says how, unless something is wrong."
        },
        footer = "Exit codes: 0 they fit together, 1 failed, 2 asked wrongly, 3 something is wrong or was not applied.")
final class JoinCommand implements Callable<Integer> {
    private static final int WRONG = 3;

    @Parameters(
            index = "0",
            paramLabel = "CONFIG",
            description = "That of the one cluster: the file with its role discovery, and trust if it has that.")
    private Path one;

    @Parameters(index = "1", paramLabel = "CONFIG", description = "That of the other.")
    private Path other;

    @Option(
            names = "--address",
            paramLabel = "CLUSTER=HOST:PORT",
            description = "Where peers reach its discovery; left out: discovery.peering, if that is no wildcard.")
    private Map<String, String> addresses = Map.of();

    @Option(
            names = "--identity",
            paramLabel = "CLUSTER=ID",
            description = "Who speaks for it; left out: as its identity-from says.")
    private Map<String, String> identities = Map.of();

    @Option(
            names = "--kubeconfig",
            paramLabel = "CLUSTER=FILE",
            description = "By which the other's PeerCluster is applied there: an operator's, the role may not.")
    private Map<String, Path> kubeconfigs = Map.of();

    @Option(names = "--allow-plain-http", description = "Believe an API without TLS: labs only.")
    private boolean allowPlainHttp;

    @Option(names = "--dry-run", description = "Apply nothing, whatever --kubeconfig says.")
    private boolean dryRun;

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
    public Integer call() throws IOException {
        JoinSide first = side(one);
        JoinSide second = side(other);
        refuseStrangers(Set.of(first.cluster().name(), second.cluster().name()));
        JoinRules.Plan plan = JoinRules.plan(first, second);
        List<String> applied = new ArrayList<>();
        boolean isDone = !plan.isWrong();
        for (JoinRules.Handover handover : plan.handovers()) {
            Applied answer = apply(handover);
            isDone &= !answer.isFailed();
            applied.add(answer.said());
        }
        print(plan, applied);
        return isDone ? ExitCode.DONE : WRONG;
    }

    private JoinSide side(Path file) throws IOException {
        RegionConfig config = RegionConfigFile.read(file);
        String cluster = config.cluster().name();
        return JoinSide.of(
                file,
                config,
                new JoinSide.Said(
                        Optional.ofNullable(identities.get(cluster)).map(SpiffeId::parse),
                        Optional.ofNullable(addresses.get(cluster))));
    }

    /** A name with a mistake in it would else be a cluster of which nothing was said. */
    private void refuseStrangers(Set<String> clusters) {
        Stream.of(addresses, identities, kubeconfigs)
                .flatMap(said -> said.keySet().stream())
                .filter(name -> !clusters.contains(name))
                .findFirst()
                .ifPresent(stranger -> {
                    throw new ParameterException(
                            spec.commandLine(),
                            "cluster: " + stranger + " (expected: one of "
                                    + clusters.stream().sorted().toList() + ")");
                });
    }

    /** What became of a PeerCluster; that nobody asked for it is no failure. */
    private record Applied(boolean isFailed, String said) {}

    private Applied apply(JoinRules.Handover handover) {
        Path kubeconfig = kubeconfigs.get(handover.to().cluster().name());
        if (dryRun || kubeconfig == null) {
            return new Applied(false, dryRun ? "no: --dry-run" : "no: no --kubeconfig");
        }
        return PeerClusterJoin.apply(
                        kubeconfig, allowPlainHttp, handover.about().cluster())
                .map(why -> new Applied(true, "no: " + why))
                .orElse(new Applied(false, "yes"));
    }

    private void print(JoinRules.Plan plan, List<String> applied) {
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case json -> out.println(JoinText.json(plan, applied).toPrettyString());
            case table -> {
                out.print(JoinText.findings(plan));
                for (int i = 0; i < applied.size(); i++) {
                    out.println();
                    out.print(JoinText.handover(plan.handovers().get(i)));
                    out.println("# applied: " + applied.get(i));
                }
                out.flush();
            }
        }
    }
}
