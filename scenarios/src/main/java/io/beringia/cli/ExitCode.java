package io.beringia.cli;

/** What the shell sees of an end: 0 done, 1 tried and failed, 2 asked wrongly. */
public final class ExitCode {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;

    private ExitCode() {}
}
