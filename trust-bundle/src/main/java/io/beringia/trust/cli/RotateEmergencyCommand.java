package io.beringia.trust.cli;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code beringia trust rotate emergency}: the old root's key is in wrong hands. Without the root's id it only says what would
 * break; with it, nobody is asked again.
 */
@Command(
        name = "emergency",
        description = {
            "The old root's key is in wrong hands: replace the root as soon as a share of the data planes can follow."
                    + " There is no way back.",
            "Without --root nothing is done; what would break is shown, with the id to type."
        })
final class RotateEmergencyCommand extends RotateOrderCommand {
    /** As a gate that is closed: the operator's own. */
    private static final int UNCONFIRMED = 3;

    @Option(
            names = "--percent",
            required = true,
            paramLabel = "1..100",
            description = "How many of the data planes must be able to follow. All others fail until they renew.")
    private int percent;

    @Option(names = "--root", paramLabel = "ID", description = "The root that is lost, typed as status shows it.")
    private Optional<String> root = Optional.empty();

    @Spec
    private CommandSpec spec;

    @Override
    String verb() {
        return "emergency";
    }

    @Override
    void say(ObjectNode body) {
        body.put("percent", percent);
        root.ifPresent(typed -> body.put("root", typed));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        return root.isPresent() ? super.call() : foretell();
    }

    private int foretell() throws IOException, InterruptedException {
        if (percent < 1 || percent > 100) {
            throw new ParameterException(spec.commandLine(), "--percent: " + percent + " (expected: 1 to 100)");
        }
        JsonNode answer = options().ask(HttpRequest.newBuilder().GET());
        int shown = options().show(answer, it -> EmergencyText.of(it, percent));
        return shown == 0 ? UNCONFIRMED : shown;
    }
}
