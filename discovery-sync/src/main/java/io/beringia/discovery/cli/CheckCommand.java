package io.beringia.discovery.cli;

import io.beringia.discovery.explain.CheckRules;
import io.beringia.discovery.explain.CheckRules.Finding;
import io.beringia.discovery.explain.CheckRules.Severity;
import io.beringia.discovery.explain.CheckRules.Visit;
import io.beringia.discovery.explain.ExplainClient;
import io.beringia.discovery.snapshot.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code beringia check}: whether clusters are fit to be one federation. */
@Command(
        name = "check",
        description = {
            "Ask the discoveries of several clusters and compare what they say: who hears whom, clocks, names, addresses,"
                    + " trust and plans.",
            "Name all of them: a link is looked at from both ends."
        },
        footer = "Exit codes: 0 nothing is wrong, 1 failed, 2 asked wrongly, 3 something is wrong.")
public final class CheckCommand implements Callable<Integer> {
    private static final int WRONG = 3;

    @Parameters(
            arity = "1..*",
            paramLabel = "HOST:PORT",
            description = "A discovery of each cluster, at its port for callers with an SVID.")
    private List<String> addresses = List.of();

    @Mixin
    private OperatorOptions operator = new OperatorOptions();

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: ${DEFAULT-VALUE}).")
    private Output output = Output.table;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<Finding> findings =
                CheckRules.check(addresses.stream().map(this::visit).toList());
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case table -> {
                Table table = new Table("TOPIC", "", "DETAIL");
                findings.forEach(it -> table.row(word(it.topic()), mark(it.severity()), it.detail()));
                table.print(out);
            }
            case json -> out.println(json(findings).toPrettyString());
        }
        return findings.stream().anyMatch(it -> it.severity() == Severity.WRONG) ? WRONG : 0;
    }

    private Visit visit(String address) {
        Instant asked = Instant.now();
        try (ExplainClient client = operator.open(address)) {
            Optional<Snapshot> picture = Optional.of(client.show());
            return new Visit(address, asked, Instant.now(), picture, "");
        } catch (IOException silent) {
            return new Visit(address, asked, Instant.now(), Optional.empty(), String.valueOf(silent.getMessage()));
        }
    }

    private static String mark(Severity severity) {
        return switch (severity) {
            case GOOD -> "ok";
            case NOTE -> "note";
            case WRONG -> "WRONG";
        };
    }

    private static ArrayNode json(List<Finding> findings) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        findings.forEach(it -> all.addObject()
                .put("topic", word(it.topic()))
                .put("severity", word(it.severity()))
                .put("detail", it.detail()));
        return all;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
