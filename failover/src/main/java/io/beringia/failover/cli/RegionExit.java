package io.beringia.failover.cli;

/** What the shell sees of a command about regions. */
enum RegionExit {
    APPLIED(0),
    FAILED(1),
    USAGE(2),
    BLOCKED(3),
    NO_LEADER(4);

    private final int code;

    RegionExit(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** By the outcome that an answer names. */
    static RegionExit of(String outcome) {
        return switch (outcome) {
            case "applied", "imagined", "shown" -> APPLIED;
            case "malformed" -> USAGE;
            case "blocked" -> BLOCKED;
            case "no-leader" -> NO_LEADER;
            default -> FAILED;
        };
    }
}
