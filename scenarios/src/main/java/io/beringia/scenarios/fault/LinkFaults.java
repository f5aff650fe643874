package io.beringia.scenarios.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The faults of a {@link Testbed}'s links that stand, by name: rules of its hub, and emulated links in it. Each ends by itself
 * when its time is over, also if its runner is gone. Owned by the runner's thread.
 */
public final class LinkFaults implements AutoCloseable {
    private final List<String> hub;
    private final Programs programs;
    private final Guard guard;
    private final Path logs;
    private final Map<String, Standing> standing = new LinkedHashMap<>();
    private int made;

    private LinkFaults(List<String> hub, Programs programs, Guard guard, Path logs) {
        this.hub = hub;
        this.programs = programs;
        this.guard = guard;
        this.logs = logs;
    }

    /** How ours are started that faults need: who outlives us, and who emulates links. */
    public record Programs(List<String> watchdog, List<String> emulator) {
        public Programs {
            watchdog = List.copyOf(watchdog);
            emulator = List.copyOf(emulator);
        }
    }

    /** A fault that stands: what is left of it if nobody lifts it, and how it is lifted. */
    private record Standing(Residue residue, Lifting lifting) {}

    /** A fault that could begin at once, and harms nobody yet. */
    @FunctionalInterface
    public interface Prepared {
        /** From now on, for its time at most. Called once. */
        void begin() throws IOException;
    }

    private interface Lifting {
        /** Throws {@link IOException} if its time had been over before. */
        void lift() throws IOException;
    }

    /** @param hub what commands begin with that run in the hub; nothing where we are there ourselves */
    public static LinkFaults in(List<String> hub, Programs programs, Path logs) throws IOException {
        return new LinkFaults(List.copyOf(hub), programs, Guard.start(joined(hub, programs.watchdog()), logs), logs);
    }

    /** From now on, for that time at most; see {@link #prepare}. */
    public void inject(String name, LinkFault fault, Duration atMost, long seed) throws IOException {
        prepare(name, fault, atMost, seed).begin();
    }

    /**
     * Waits for whatever it needs, so that neither the begin nor the length of a fault holds the start of a program.
     *
     * @param seed of what is left to chance in an emulated link
     */
    public Prepared prepare(String name, LinkFault fault, Duration atMost, long seed) throws IOException {
        if (standing.containsKey(name)) {
            throw new IllegalArgumentException(
                    "fault: " + name + " stands already (expected: one of a name at a time)");
        }
        int number = made++;
        return switch (fault.effect()) {
            case LinkFault.Effect.Rule rule ->
                () -> standing.put(name, ruled(new Residue.Table("fault_" + number), fault, rule, atMost));
            case LinkFault.Effect.Emulate emulate -> {
                EmulatorProcess emulator = emulator(fault, new EmulatorProcess.Part(number, emulate.model(), seed));
                yield () -> standing.put(name, emulated(emulator, atMost));
            }
        };
    }

    private Standing ruled(Residue.Table table, LinkFault fault, LinkFault.Effect.Rule rule, Duration atMost)
            throws IOException {
        guard.keepFor(table, atMost);
        Program.run(joined(hub, List.of("nft", "-f", "-")), fault.table(table.name(), rule));
        return new Standing(
                table, () -> Program.run(joined(hub, List.of("nft", "delete", "table", "inet", table.name())), ""));
    }

    /** Guarded while nobody counts its time yet. */
    private EmulatorProcess emulator(LinkFault fault, EmulatorProcess.Part part) throws IOException {
        EmulatorProcess emulator = EmulatorProcess.start(joined(hub, programs.emulator()), part, fault.ways(), logs);
        guard.keep(emulator.residue());
        emulator.awaitReady();
        return emulator;
    }

    private Standing emulated(EmulatorProcess emulator, Duration atMost) throws IOException {
        guard.keepFor(emulator.residue(), atMost);
        emulator.lead(hub);
        return new Standing(emulator.residue(), () -> emulator.end(hub));
    }

    /** Ends all of them. Throws {@link IOException} if the time of one had been over before. */
    public void lift() throws IOException {
        for (Standing fault : standing.values()) {
            fault.lifting().lift();
            guard.release(fault.residue());
        }
        standing.clear();
    }

    static List<String> joined(List<String> first, List<String> then) {
        return Stream.concat(first.stream(), then.stream()).toList();
    }

    /** Ends what is left. */
    @Override
    public void close() {
        guard.close();
        standing.clear();
    }
}
