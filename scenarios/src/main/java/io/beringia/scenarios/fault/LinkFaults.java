package io.beringia.scenarios.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The faults of a {@link Testbed}'s links that stand, by name: rules of its hub. Each ends by itself when its time is over,
 * also if its runner is gone. Owned by the runner's thread.
 */
public final class LinkFaults implements AutoCloseable {
    private final List<String> hub;
    private final Guard guard;
    private final Map<String, Residue.Table> standing = new LinkedHashMap<>();
    private int made;

    private LinkFaults(List<String> hub, Guard guard) {
        this.hub = hub;
        this.guard = guard;
    }

    /** @param hub what commands begin with that run in the hub; nothing where we are there ourselves */
    public static LinkFaults in(List<String> hub, List<String> watchdogCommand, Path logs) throws IOException {
        return new LinkFaults(List.copyOf(hub), Guard.start(joined(hub, watchdogCommand), logs));
    }

    /** From now on, for that time at most. */
    public void inject(String name, LinkFault fault, Duration atMost) throws IOException {
        if (standing.containsKey(name)) {
            throw new IllegalArgumentException(
                    "fault: " + name + " stands already (expected: one of a name at a time)");
        }
        Residue.Table table = new Residue.Table("fault_" + made++);
        guard.keepFor(table, atMost);
        Program.run(joined(hub, List.of("nft", "-f", "-")), fault.table(table.name()));
        standing.put(name, table);
    }

    /** Ends all of them. Throws {@link IOException} if the time of one had been over before. */
    public void lift() throws IOException {
        for (Residue.Table table : standing.values()) {
            Program.run(joined(hub, List.of("nft", "delete", "table", "inet", table.name())), "");
            guard.release(table);
        }
        standing.clear();
    }

    private static List<String> joined(List<String> first, List<String> then) {
        return Stream.concat(first.stream(), then.stream()).toList();
    }

    /** Ends what is left. */
    @Override
    public void close() {
        guard.close();
        standing.clear();
    }
}
