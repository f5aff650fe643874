package io.beringia.cli;

import io.beringia.scenarios.load.EchoApplication;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The application of demo and drills as a process of its own; ends when its input does. */
@Command(name = "echo", hidden = true, description = "Answer the load of demos and drills.")
final class EchoCommand implements Callable<Integer> {
    @Option(names = "--region", required = true, description = "The region named in every answer.")
    private String region;

    @Option(names = "--address", required = true, description = "Where to listen.")
    private String address;

    @Option(names = "--port", required = true, description = "The port to listen on.")
    private int port;

    @Option(names = "--journal", required = true, description = "File in which every request is written down.")
    private Path journal;

    @Override
    public Integer call() throws IOException {
        try (EchoApplication application =
                EchoApplication.start(region, new InetSocketAddress(address, port), journal)) {
            while (System.in.read() >= 0) {
                // Only the end of the input means anything.
            }
        }
        return ExitCode.DONE;
    }
}
