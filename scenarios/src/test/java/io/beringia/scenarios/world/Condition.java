package io.beringia.scenarios.world;

/** How a process is. */
enum Condition {
    RUNS,
    /** Its kernel still acknowledges, and nobody answers: SIGSTOP, a deadlock, a long collection. */
    FROZEN,
    /** Gone; its host refuses connections. */
    KILLED,
    /** Gone with its host: nobody says a word. */
    VANISHED,
    /** Gets a tenth of the processor: it runs one tenth of every second. */
    STARVED;

    private static final long SECOND_MILLIS = 1_000;
    private static final long SLICE_MILLIS = 100;

    /** Whether it gets to run now. */
    boolean isRunning(long millis) {
        return switch (this) {
            case RUNS -> true;
            case STARVED -> millis % SECOND_MILLIS < SLICE_MILLIS;
            case FROZEN, KILLED, VANISHED -> false;
        };
    }
}
