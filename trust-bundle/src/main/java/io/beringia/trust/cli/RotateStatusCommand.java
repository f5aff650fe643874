package io.beringia.trust.cli;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code beringia trust rotate status}: where a rotation stands, and whom it waits for. */
@Command(name = "status", description = "Show where a rotation stands, each data plane, and what is waited for.")
final class RotateStatusCommand implements Callable<Integer> {
    @Mixin
    private RotateOptions options = new RotateOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        return options.show(options.ask(HttpRequest.newBuilder().GET()), RotateTables::status);
    }
}
