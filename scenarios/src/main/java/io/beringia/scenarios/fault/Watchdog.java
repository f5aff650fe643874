package io.beringia.scenarios.fault;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Outlives the runner: reads one child a line until its input ends, whichever way the runner ended, and then kills all of
 * them that still run. A frozen child cannot notice that its runner is gone; this can. A pid that meanwhile means another
 * process is left alone, since its start time differs.
 */
public final class Watchdog {
    /** The kernel counts start times in ticks of 10 ms, and rounds. */
    private static final Duration SAME_START = Duration.ofMillis(50);

    private Watchdog() {}

    /** Returns when the input has ended and everybody named in it has been killed; says how many had to be. */
    public static int guard(BufferedReader children) throws IOException {
        List<Child> guarded = new ArrayList<>();
        for (String line = children.readLine(); line != null; line = children.readLine()) {
            Child.parse(line).ifPresent(guarded::add);
        }
        return Math.toIntExact(guarded.stream().filter(Child::kill).count());
    }

    /** A process by pid and start, so that a pid that is used again is not mistaken for it. */
    record Child(long pid, Instant start) {
        static Child of(ProcessHandle process) {
            return new Child(process.pid(), process.info().startInstant().orElse(Instant.EPOCH));
        }

        static Optional<Child> parse(String line) {
            String[] words = line.split(" ", -1);
            return words.length == 2
                    ? Optional.of(new Child(Long.parseLong(words[0]), Instant.ofEpochMilli(Long.parseLong(words[1]))))
                    : Optional.empty();
        }

        private boolean kill() {
            return ProcessHandle.of(pid)
                    .filter(this::isSame)
                    .filter(Signal.KILL::sendTo)
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
            return pid + " " + start.toEpochMilli();
        }
    }
}
