package io.beringia.discovery.cli;

import io.beringia.discovery.explain.FlowExplanation;
import io.beringia.discovery.explain.FlowRules;
import io.beringia.discovery.explain.Question;
import io.beringia.discovery.snapshot.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code beringia why}: where one client's connections to one service go, and by what that is decided. */
@Command(
        name = "why",
        description = {
            "Say where connections of a client to a service go, or why they are refused, and what decided it.",
            "Ask the discovery of the client's own cluster."
        },
        footer = "Exit codes: 0 they go somewhere, 1 failed, 2 asked wrongly, 3 they are refused.")
public final class WhyCommand implements Callable<Integer> {
    private static final int REFUSED = 3;

    @Parameters(
            index = "0",
            paramLabel = "CLIENT",
            description = "A workload: namespace/pod, the beginning of one, or an address.")
    private String client = "";

    @Parameters(index = "1", paramLabel = "SERVICE", description = "namespace/name, a hostname, or an address of it.")
    private String service = "";

    @Option(names = "--port", paramLabel = "PORT", description = "Of the service (default: its first).")
    private Optional<Integer> port = Optional.empty();

    @Mixin
    private PictureOptions options = new PictureOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Snapshot picture = options.read();
        FlowExplanation why = FlowRules.explain(
                picture, new Question(client, service, port.map(OptionalInt::of).orElse(OptionalInt.empty())));
        PrintWriter out = spec.commandLine().getOut();
        switch (options.output()) {
            case table -> print(why, picture, out);
            case json -> out.println(json(why, picture).toPrettyString());
        }
        return switch (why.outcome()) {
            case GOES -> 0;
            case REFUSED -> REFUSED;
        };
    }

    private static void print(FlowExplanation why, Snapshot picture, PrintWriter out) {
        out.println(why.answer());
        Table table = new Table("STEP", "", "DECIDED BY");
        why.reasons()
                .forEach(reason -> table.row(
                        word(reason.step()),
                        switch (reason.verdict()) {
                            case PASSES -> "ok";
                            case REFUSES -> "NO";
                            case OPEN -> "?";
                        },
                        reason.value()));
        table.print(out);
        out.println(PictureTables.head(picture));
    }

    private static ObjectNode json(FlowExplanation why, Snapshot picture) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("outcome", word(why.outcome()))
                .put("answer", why.answer())
                .put("cluster", picture.cluster().name())
                .put("taken-at", picture.takenAt().toString())
                .put("revision", picture.view().revision());
        ArrayNode reasons = json.putArray("reasons");
        why.reasons()
                .forEach(reason -> reasons.addObject()
                        .put("step", word(reason.step()))
                        .put("verdict", word(reason.verdict()))
                        .put("decided-by", reason.value()));
        return json;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
