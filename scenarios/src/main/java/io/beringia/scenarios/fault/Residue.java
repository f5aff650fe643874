package io.beringia.scenarios.fault;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Something that a runner must not leave behind, and how it is taken away. Each is a line of text, {@link #parse} being the
 * inverse of {@code toString}.
 */
sealed interface Residue {
    /** Names that we give: nothing that a program could take for an option or a path. */
    Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,40}");

    /** Any thread. Whether it was there; what cannot be taken away is as if it were not there. */
    boolean remove();

    /** Any thread. Empty for every other line. */
    static Optional<Residue> parse(String line) {
        List<String> words = List.of(line.split(" ", -1));
        try {
            return switch (words.getFirst()) {
                case "child" -> Optional.of(new Child(pid(words), start(words)));
                case "frozen" -> Optional.of(new Frozen(new Child(pid(words), start(words))));
                case "namespace" -> Optional.of(new Namespace(words.get(1)));
                case "table" -> Optional.of(new Table(words.get(1)));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException unreadable) {
            return Optional.empty();
        }
    }

    private static long pid(List<String> words) {
        return Long.parseLong(words.get(1));
    }

    private static Instant start(List<String> words) {
        return Instant.ofEpochMilli(Long.parseLong(words.get(2)));
    }

    private static String named(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name: \"" + name + "\" (expected: " + NAME + ")");
        }
        return name;
    }

    private static boolean succeeds(String... command) {
        try {
            Program.run(command);
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    /**
     * A process by pid and start: a pid that is used again is not mistaken for it.
     *
     * @param start to the millisecond
     */
    record Child(long pid, Instant start) implements Residue {
        /** The kernel counts start times in ticks of 10 ms, and rounds. */
        private static final Duration SAME_START = Duration.ofMillis(50);

        static Child of(ProcessHandle process) {
            return new Child(
                    process.pid(),
                    Instant.ofEpochMilli(
                            process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli()));
        }

        @Override
        public boolean remove() {
            return send(Signal.KILL);
        }

        private boolean send(Signal signal) {
            return ProcessHandle.of(pid)
                    .filter(this::isSame)
                    .filter(signal::sendTo)
                    .isPresent();
        }

        private boolean isSame(ProcessHandle process) {
            return process.info()
                    .startInstant()
                    .filter(found -> Duration.between(found, start).abs().compareTo(SAME_START) <= 0)
                    .isPresent();
        }

        @Override
        public String toString() {
            return "child " + pid + " " + start.toEpochMilli();
        }
    }

    /** A process that was stopped and is to go on. */
    record Frozen(Child child) implements Residue {
        @Override
        public boolean remove() {
            return child.send(Signal.CONTINUE);
        }

        @Override
        public String toString() {
            return "frozen " + child.pid() + " " + child.start().toEpochMilli();
        }
    }

    /** A network namespace, with every interface and rule in it. */
    record Namespace(String name) implements Residue {
        public Namespace {
            named(name);
        }

        @Override
        public boolean remove() {
            return succeeds("ip", "netns", "del", name);
        }

        @Override
        public String toString() {
            return "namespace " + name;
        }
    }

    /** A table of packet rules, in the network namespace of whoever removes it. */
    record Table(String name) implements Residue {
        public Table {
            named(name);
        }

        @Override
        public boolean remove() {
            return succeeds("nft", "delete", "table", "inet", name);
        }

        @Override
        public String toString() {
            return "table " + name;
        }
    }
}
