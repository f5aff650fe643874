package io.beringia.scenarios.drill.play;

import io.beringia.scenarios.drill.Findings;
import io.beringia.scenarios.drill.Tally;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;

/** A number of a drill by which it may be judged. Names are those of the drill's text, in lower case with dashes. */
enum Measure {
    COUNTED(Unit.NUMBER),
    FAILED(Unit.NUMBER),
    LOST(Unit.NUMBER),
    CUT(Unit.NUMBER),
    WRONG_REGION(Unit.NUMBER),
    STALE_WRITES_REFUSED(Unit.NUMBER),
    STREAMS_ON_DEAD_PATH(Unit.NUMBER),
    RAMP_STEPS(Unit.NUMBER),
    SUSPECT_AFTER(Unit.MILLIS),
    DOWN_AFTER(Unit.MILLIS),
    COMMITTED_AFTER(Unit.MILLIS),
    LAST_ERROR_AFTER(Unit.MILLIS),
    SLOWEST_RESET(Unit.MILLIS);

    /** What its values are. */
    enum Unit {
        NUMBER,
        MILLIS
    }

    private final Unit unit;

    Measure(Unit unit) {
        this.unit = unit;
    }

    /** Throws {@link IllegalArgumentException} with all names for any other. */
    static Measure parse(String word) {
        return Arrays.stream(values())
                .filter(measure -> measure.toString().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + word + "\" (expected: one of " + Arrays.toString(values()) + ")"));
    }

    Unit unit() {
        return unit;
    }

    /** Empty if it never happened. */
    OptionalLong of(Evidence seen) {
        Tally tally = seen.tally();
        Findings findings = seen.findings();
        return switch (this) {
            case COUNTED -> OptionalLong.of(tally.counted());
            case FAILED -> OptionalLong.of(tally.failed());
            case LOST -> OptionalLong.of(tally.lost());
            case CUT -> OptionalLong.of(tally.cut());
            case WRONG_REGION -> OptionalLong.of(findings.wrongRegion());
            case STALE_WRITES_REFUSED -> OptionalLong.of(findings.staleWritesRejected());
            case STREAMS_ON_DEAD_PATH -> OptionalLong.of(findings.inFlight().open());
            case RAMP_STEPS -> OptionalLong.of(findings.failback().steps());
            case SUSPECT_AFTER -> seen.sinceFault(findings.times().suspect());
            case DOWN_AFTER -> seen.sinceFault(findings.times().down());
            case COMMITTED_AFTER -> seen.sinceFault(findings.times().committed());
            case LAST_ERROR_AFTER -> OptionalLong.of(findings.times().shift());
            case SLOWEST_RESET -> OptionalLong.of(seen.measurement().slowestResetMillis());
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
