package io.beringia.scenarios.drill;

/** One sentence that must be true of a drill, and what was measured. */
public record Expectation(String name, String bound, String measured, boolean pass) {
    /** Exactly none of something. */
    public static Expectation none(String name, long measured) {
        return new Expectation(name, "0", Long.toString(measured), measured == 0);
    }

    public static Expectation atLeast(String name, long bound, long measured) {
        return new Expectation(name, ">= " + bound, Long.toString(measured), measured >= bound);
    }

    public static Expectation atMostMillis(String name, long bound, long measured) {
        return new Expectation(name, "<= " + bound + " ms", measured + " ms", measured <= bound);
    }

    public static Expectation that(String name, boolean holds, String measured) {
        return new Expectation(name, "yes", measured, holds);
    }
}
