package io.beringia.failover.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One thing an operator wants of a region: why, until when, and which rules it sets aside. */
abstract class RegionMoveCommand implements Callable<Integer> {
    @Mixin
    private RegionOptions options = new RegionOptions();

    @Option(names = "--reason", required = true, description = "Why, for the plan and for whoever comes after.")
    private String reason = "";

    @Option(
            names = "--expires",
            required = true,
            paramLabel = "TIME",
            description = "Until when it binds: 30m, 2h, or a time in UTC; 72 h at most.")
    private String expires = "";

    @Option(names = "--override-rule", split = ",", paramLabel = "RULE", description = "Safety rules to set aside.")
    private List<String> rules = List.of();

    @Option(names = "--dry-run", description = "Only say what would happen.")
    private boolean isDryRun;

    @Spec
    private CommandSpec spec;

    abstract String verb();

    abstract Optional<String> region();

    /** What of it is meant; empty where all is. */
    Optional<String> service() {
        return Optional.empty();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        OperatorClient.Answer answer = options.client().command(body());
        PrintWriter out = spec.commandLine().getOut();
        switch (options.output()) {
            case json -> out.println(answer.body().toPrettyString());
            case table -> RegionTables.answer(answer.body()).forEach(out::println);
        }
        return answer.exit().code();
    }

    private ObjectNode body() {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("verb", verb());
        region().ifPresent(name -> body.put("region", name));
        service().ifPresent(name -> body.put("service", name));
        body.put("reason", reason);
        body.put("expires", expires);
        rules.forEach(body.putArray("override-rules")::add);
        body.put("dry-run", isDryRun);
        return body;
    }

    /** One that may be about a single service there. */
    abstract static class OfService extends RegionMoveCommand {
        @Option(
                names = "--service",
                paramLabel = "NAMESPACE/HOST",
                description = "Only this service, as `region status` names it.")
        private Optional<String> service = Optional.empty();

        @Override
        Optional<String> service() {
            return service;
        }
    }

    @Command(name = "evacuate", description = "Send a region away at once, also when it is dead.")
    static final class Evacuate extends OfService {
        @Parameters(paramLabel = "REGION")
        private String region = "";

        @Override
        String verb() {
            return "evacuate";
        }

        @Override
        Optional<String> region() {
            return Optional.of(region);
        }
    }

    @Command(name = "drain", description = "Send a region away in peace: old tunnels live to their deadline.")
    static final class Drain extends OfService {
        @Parameters(paramLabel = "REGION")
        private String region = "";

        @Override
        String verb() {
            return "drain";
        }

        @Override
        Optional<String> region() {
            return Optional.of(region);
        }
    }

    @Command(name = "restore", description = "Bring a region back, through probation and ramp.")
    static final class Restore extends OfService {
        @Parameters(paramLabel = "REGION")
        private String region = "";

        @Override
        String verb() {
            return "restore";
        }

        @Override
        Optional<String> region() {
            return Optional.of(region);
        }
    }

    @Command(name = "freeze", description = "Let nothing move by itself: in a region, or anywhere.")
    static final class Freeze extends RegionMoveCommand {
        @Parameters(paramLabel = "REGION", arity = "0..1")
        private Optional<String> region = Optional.empty();

        @Override
        String verb() {
            return "freeze";
        }

        @Override
        Optional<String> region() {
            return region;
        }
    }
}
