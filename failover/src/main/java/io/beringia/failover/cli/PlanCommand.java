package io.beringia.failover.cli;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.failover.decision.Inputs;
import io.beringia.failover.decision.SafetyRule;
import io.beringia.failover.operator.OperatorCommand;
import io.beringia.failover.operator.OperatorCommand.Order;
import io.beringia.failover.operator.WhatIf;
import io.beringia.failover.record.DecisionFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.JsonNode;

/** {@code beringia plan --what-if}: what a command would have done at a moment that is on record. Asks nobody. */
@Command(
        name = "plan",
        description = "Say what a command would have done with what a leader knew at a decision. Nothing is done;"
                + " `region VERB --dry-run` says the same of this moment.",
        footer = "Exit codes: 0 it would be done, 1 failed, 2 asked wrongly, 3 a rule would block it.")
public final class PlanCommand implements Callable<Integer> {
    /** Nothing that is imagined lasts. */
    private static final Duration EXPIRES = Duration.ofHours(1);

    @Option(names = "--what-if", required = true, paramLabel = "VERB", description = "${COMPLETION-CANDIDATES}.")
    private Verb verb = Verb.drain;

    @Parameters(paramLabel = "REGION", converter = Regions.class, description = "The region that it is about.")
    private RegionId region = new RegionId("none");

    @Option(
            names = "--service",
            converter = Services.class,
            paramLabel = "NAMESPACE/HOST",
            description = "Only this service there.")
    private Optional<ServiceName> service = Optional.empty();

    @Option(names = "--log", required = true, paramLabel = "DIR", description = "The ledger failover of a candidate.")
    private Path log = Path.of(".");

    @Option(
            names = "--decision",
            required = true,
            converter = DecisionLog.Versions.class,
            paramLabel = "EPOCH/SEQ",
            description = "At which decision; it is imagined away.")
    private PlanVersion decision = PlanVersion.NONE;

    @Option(names = "--override-rule", split = ",", paramLabel = "RULE", description = "Safety rules to set aside.")
    private List<SafetyRule> rules = List.of();

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: ${DEFAULT-VALUE}).")
    private RegionOptions.Output output = RegionOptions.Output.table;

    @Spec
    private CommandSpec spec;

    /** Names as they are typed. */
    enum Verb {
        drain,
        evacuate,
        restore
    }

    @Override
    public Integer call() throws IOException {
        Optional<DecisionFile> file = new DecisionLog(log)
                .decisions(Optional.of(decision)).stream()
                        .flatMap(one -> one.file().stream())
                        .findFirst();
        if (file.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("plan: no decision " + decision + " with what it followed from in " + log
                            + " (expected: one that `beringia replay` calls the same)");
            return RegionExit.FAILED.code();
        }
        return shown(WhatIf.answer(command(file.get()), file.get().basis().inputs()));
    }

    private int shown(JsonNode answer) {
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case json -> out.println(answer.toPrettyString());
            case table -> RegionTables.answer(answer).forEach(out::println);
        }
        return RegionExit.of(answer.path("outcome").asString()).code();
    }

    private OperatorCommand command(DecisionFile file) {
        Inputs inputs = file.basis().inputs();
        Order order = new Order(
                file.written().leader(),
                "what if",
                inputs.now().plus(EXPIRES),
                rules.stream().map(SafetyRule::name).toList());
        return switch (verb) {
            case drain -> new OperatorCommand.Drain(region, service, order);
            case evacuate -> new OperatorCommand.Evacuate(region, service, order);
            case restore -> new OperatorCommand.Restore(region, service, order);
        };
    }

    /** Reads a region's name. */
    static final class Regions implements ITypeConverter<RegionId> {
        @Override
        public RegionId convert(String text) {
            return read(text, RegionId::new);
        }
    }

    /** Reads a service's name. */
    static final class Services implements ITypeConverter<ServiceName> {
        @Override
        public ServiceName convert(String text) {
            return read(text, ServiceName::parse);
        }
    }

    private static <T> T read(String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException(wrong.getMessage());
        }
    }
}
