package io.beringia.gateway.time;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The kernel's line about one thread (proc(5), {@code /proc/pid/task/tid/stat}). Safe on every thread. */
record ThreadStat(Path file) {
    private static final Path SELF = Path.of("/proc/thread-self");
    /** The kernel reports in hundredths of a second, whatever its own ticks are. */
    private static final long TICK_MILLIS = 10;
    // Places behind the name of the thread, which may hold blanks itself.
    private static final int STATE = 0;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    /** Of the thread that calls; elsewhere than on Linux a file that is not there. */
    static ThreadStat ofCaller() {
        try {
            return new ThreadStat(
                    Path.of("/proc").resolve(Files.readSymbolicLink(SELF)).resolve("stat"));
        } catch (IOException notLinux) {
            return new ThreadStat(SELF.resolve("stat"));
        }
    }

    Pulse read() {
        try {
            return parse(Files.readString(file));
        } catch (IOException | RuntimeException unreadable) {
            return Pulse.UNKNOWN;
        }
    }

    static Pulse parse(String line) {
        List<String> words =
                List.of(line.substring(line.lastIndexOf(')') + 1).strip().split(" "));
        long ticks = Long.parseLong(words.get(USER_TICKS)) + Long.parseLong(words.get(SYSTEM_TICKS));
        return new Pulse(words.get(STATE).equals("R"), ticks * TICK_MILLIS);
    }
}
