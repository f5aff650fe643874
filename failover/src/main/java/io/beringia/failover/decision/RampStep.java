package io.beringia.failover.decision;

import java.util.Optional;

/** How much a returning region gets: first a canary, then ever more. */
public enum RampStep {
    CANARY(100),
    TWENTIETH(500),
    QUARTER(2_500),
    HALF(5_000),
    WHOLE(10_000);

    private final int tenThousandths;

    RampStep(int tenThousandths) {
        this.tenThousandths = tenThousandths;
    }

    /** Of what it would get if it were active. */
    public int tenThousandths() {
        return tenThousandths;
    }

    Optional<RampStep> next() {
        return switch (this) {
            case CANARY -> Optional.of(TWENTIETH);
            case TWENTIETH -> Optional.of(QUARTER);
            case QUARTER -> Optional.of(HALF);
            case HALF -> Optional.of(WHOLE);
            case WHOLE -> Optional.empty();
        };
    }

    /** The last step that is not above so much; a plan written by others may stand between two. */
    static RampStep at(int tenThousandths) {
        RampStep reached = CANARY;
        for (RampStep step : values()) {
            reached = step.tenThousandths <= tenThousandths ? step : reached;
        }
        return reached;
    }
}
