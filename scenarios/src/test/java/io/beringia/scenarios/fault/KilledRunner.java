package io.beringia.scenarios.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** A runner for {@link TestbedTest} to kill: with namespaces, a rule and an emulated link; says so and waits for its end. */
final class KilledRunner {
    private KilledRunner() {}

    /** The argument is the directory of logs; what it prints is the begin of names, and the pid of the emulator. */
    public static void main(String... arguments) throws IOException {
        Path logs = Path.of(arguments[0]);
        Site east = new Site("east", 1);
        Site west = new Site("west", 2);
        List<LinkFault.Way> way = List.of(new LinkFault.Way(east, west));
        try (Testbed testbed = Testbed.create(List.of(east, west), ChildProcessesTest.watchdog(), logs);
                LinkFaults faults = TestbedTest.faults(testbed, logs)) {
            faults.inject(
                    "slow", new LinkFault(new LinkFault.Effect.Emulate("delay 5ms"), way), Duration.ofHours(1), 1);
            faults.inject("cut", new LinkFault(new LinkFault.Effect.Drop(), way), Duration.ofHours(1), 1);
            System.out.println(testbed.prefix() + " "
                    + TestbedTest.emulators()
                            .map(one -> Long.toString(one.pid()))
                            .collect(Collectors.joining()));
            System.in.read();
        }
    }
}
