package io.beringia.failover.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code beringia region status}: everything that a decision rests on, with its age. */
@Command(
        name = "status",
        description = "Show where every region stands, on what evidence, and what stands against a move.")
final class RegionStatusCommand implements Callable<Integer> {
    @Mixin
    private RegionOptions options = new RegionOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        OperatorClient.Answer answer = options.client().status();
        PrintWriter out = spec.commandLine().getOut();
        switch (options.output()) {
            case json -> out.println(answer.body().toPrettyString());
            case table -> RegionTables.status(answer.body()).forEach(out::println);
        }
        return answer.exit().code();
    }
}
