package io.beringia.cli;

import io.beringia.scenarios.load.EchoApplication;
import io.beringia.scenarios.load.ReadinessDoor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The application of demo and drills as a process of its own. It is told {@code ready} and {@code unready} by lines on its
 * input, and ends when its input does.
 */
@Command(name = "echo", hidden = true, description = "Answer the load of demos and drills.")
final class EchoCommand implements Callable<Integer> {
    @Option(names = "--region", required = true, description = "The region named in every answer.")
    private String region;

    @Option(names = "--address", required = true, description = "Where to listen.")
    private String address;

    @Option(names = "--port", required = true, description = "The port to listen on.")
    private int port;

    @Option(names = "--ready-port", required = true, description = "The port that is open while it is ready.")
    private int readyPort;

    @Option(names = "--journal", required = true, description = "File in which every request is written down.")
    private Path journal;

    @Override
    public Integer call() throws IOException {
        try (EchoApplication application =
                        EchoApplication.start(region, new InetSocketAddress(address, port), journal);
                ReadinessDoor door = new ReadinessDoor(new InetSocketAddress(address, readyPort))) {
            door.open();
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                obey(line, door);
            }
        }
        return ExitCode.DONE;
    }

    private static void obey(String line, ReadinessDoor door) throws IOException {
        switch (line) {
            case "ready" -> door.open();
            case "unready" -> door.close();
            default -> System.err.println("echo: \"" + line + "\" (expected: ready or unready)");
        }
    }
}
