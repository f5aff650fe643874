package io.beringia.scenarios.attack;

import java.util.Locale;

/** How one bar was met: which, what was found, and what was allowed. */
record Ruling(String bar, Verdict verdict, String found, String allowed) {
    enum Verdict {
        HELD,
        BROKEN,
        /** The machine was too noisy, or lacks what it takes to tell. */
        INCONCLUSIVE
    }

    static Ruling of(String bar, boolean held, String found, String allowed) {
        return new Ruling(bar, held ? Verdict.HELD : Verdict.BROKEN, found, allowed);
    }

    /** At most {@code most}, where the figure may be off by {@code noise} either way. */
    static Ruling atMost(String bar, double found, double noise, double most, String unit) {
        Verdict verdict =
                found + noise <= most ? Verdict.HELD : found - noise > most ? Verdict.BROKEN : Verdict.INCONCLUSIVE;
        return new Ruling(
                bar,
                verdict,
                number(found) + " " + unit + (noise > 0 ? " +-" + number(noise) : ""),
                "at most " + number(most) + " " + unit);
    }

    static Ruling unknown(String bar, String why, String allowed) {
        return new Ruling(bar, Verdict.INCONCLUSIVE, why, allowed);
    }

    boolean isBroken() {
        return verdict == Verdict.BROKEN;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 || value == Math.rint(value) ? "%.0f" : "%.2f", value);
    }
}
