package io.beringia.discovery;

import io.micrometer.core.instrument.Counter;

/** What others say and do, as it stands in our logs: how much of it is ours to decide. Any thread. */
final class LogWords {
    private static final int CHARS_MAX = 256;

    private LogWords() {}

    /** Text of others: cut, and without line ends or control characters. */
    static String shown(String text) {
        String cut = text.length() > CHARS_MAX ? text.substring(0, CHARS_MAX) + "..." : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    /** Counts what somebody did wrong; the first, the second, the fourth time and so on it is worth a line. */
    static boolean isTold(Counter counter) {
        counter.increment();
        return Long.bitCount((long) counter.count()) == 1;
    }
}
