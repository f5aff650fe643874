package io.beringia.trust.cli;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One thing an operator wants of a rotation, and why. */
abstract class RotateOrderCommand implements Callable<Integer> {
    @Mixin
    private RotateOptions options = new RotateOptions();

    @Option(names = "--reason", required = true, description = "Why, for the ledger and for whoever comes after.")
    private String reason = "";

    abstract String verb();

    /** Adds what this verb says beside verb and reason. */
    void say(ObjectNode body) {}

    RotateOptions options() {
        return options;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("verb", verb());
        body.put("reason", reason);
        say(body);
        return options.show(
                options.ask(HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))),
                RotateTables::answer);
    }

    @Command(
            name = "start",
            description = "Begin to replace the root by the one above the intermediate in the folder rotation.next.")
    static final class Start extends RotateOrderCommand {
        @Option(
                names = "--by-hand",
                description = "Each step waits for 'advance' (default: each is made when its gates are open).")
        private boolean isByHand;

        @Override
        String verb() {
            return "start";
        }

        @Override
        void say(ObjectNode body) {
            body.put("by-hand", isByHand);
        }
    }

    @Command(name = "advance", description = "Make one step, if its gates are open; say what they wait for if not.")
    static final class Advance extends RotateOrderCommand {
        @Override
        String verb() {
            return "advance";
        }
    }

    @Command(name = "rollback", description = "Go back to the old root: possible until it is withdrawn.")
    static final class Rollback extends RotateOrderCommand {
        @Override
        String verb() {
            return "rollback";
        }
    }

    @Command(name = "abort", description = "Drop a prepared rotation, of which nobody has heard.")
    static final class Abort extends RotateOrderCommand {
        @Override
        String verb() {
            return "abort";
        }
    }

    @Command(name = "waive", description = "Wait for a data plane no more: it may lose its peers.")
    static final class Waive extends RotateOrderCommand {
        @Parameters(paramLabel = "DATA-PLANE", description = "As status names it.")
        private String plane = "";

        @Option(
                names = "--expires",
                required = true,
                paramLabel = "TIME",
                description = "Until when: 30m, 2h, or a time in UTC; 72 h at most.")
        private String expires = "";

        @Override
        String verb() {
            return "waive";
        }

        @Override
        void say(ObjectNode body) {
            body.put("plane", plane);
            body.put("expires", expires);
        }
    }

    @Command(
            name = "key-destroyed",
            description = "Say that the old root's key is destroyed, wherever it was kept: the last gate.")
    static final class KeyDestroyed extends RotateOrderCommand {
        @Override
        String verb() {
            return "key-destroyed";
        }
    }

    @Command(
            name = "lead",
            description =
                    "Have this cluster give the orders of all, from where they stand. It waits until every cluster"
                            + " has promised to obey no other one; 'status' names those that have not.")
    static final class Lead extends RotateOrderCommand {
        @Override
        String verb() {
            return "lead";
        }
    }
}
