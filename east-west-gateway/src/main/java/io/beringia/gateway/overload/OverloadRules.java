package io.beringia.gateway.overload;

import java.util.Arrays;
import java.util.Comparator;

/** At which level a process is. Pure. A level is entered at once, and left only when it is well below it. */
public final class OverloadRules {
    /** Without it, each tunnel that ends would let one in that is refused the next moment. */
    static final double HYSTERESIS = 0.05;

    private OverloadRules() {}

    /** The level after this look. */
    public static OverloadLevel next(OverloadLevel before, Shortage now) {
        double pressure = now.pressure();
        return Arrays.stream(OverloadLevel.values())
                .filter(level -> pressure >= level.from() - (level.compareTo(before) <= 0 ? HYSTERESIS : 0))
                .max(Comparator.naturalOrder())
                .orElse(OverloadLevel.NONE);
    }
}
