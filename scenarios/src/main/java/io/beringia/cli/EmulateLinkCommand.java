package io.beringia.cli;

import io.beringia.scenarios.fault.LinkEmulator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A link of a drill's testbed that is slow or loses much at a time, see {@link LinkEmulator}; ends when its input does. */
@Command(
        name = "emulate-link",
        hidden = true,
        description = "Hold, double and lose packets that the kernel routes to an interface of ours.")
final class EmulateLinkCommand implements Callable<Integer> {
    @Option(names = "--device", required = true, description = "Name of the interface.")
    private String device;

    @Option(names = "--table", required = true, description = "Number of the table of routes that leads there.")
    private int table;

    @Option(names = "--model", required = true, description = "Such as: delay 35ms jitter 20ms loss 5%%.")
    private String model;

    @Option(names = "--seed", required = true, description = "The same one gives the same link.")
    private long seed;

    @Option(names = "--way", required = true, description = "FROM>TO, numbers of sites; may be repeated.")
    private List<String> ways = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        LinkEmulator.run(new LinkEmulator.Plan(device, table, model, seed, ways), System.in, System.out);
        return ExitCode.DONE;
    }
}
