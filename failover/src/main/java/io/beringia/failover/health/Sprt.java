package io.beringia.failover.health;

/**
 * Wald's sequential probability ratio test of a failure ratio: after every outcome it knows whether the ratio is rather
 * {@code usual}, rather {@code faulty}, or not yet. It is wrong about a fault once in a million tests, and overlooks one
 * once in a hundred. Evidence in millionths of a nat, so that a replay adds up to the same.
 *
 * @param usual failures of a million outcomes that are nothing new
 * @param faulty failures of a million that are a fault; more than usual
 * @see <a href="https://doi.org/10.1214/aoms/1177731118">Wald, Sequential Tests of Statistical Hypotheses (1945)</a>
 */
record Sprt(long usual, long faulty) {
    static final long MILLION = 1_000_000;

    /** From here on it is a fault: ln((1 - 0.01) / 0.000001). */
    static final long FAULT_FROM = 13_805_460;

    /** Down to here it is none: ln(0.01 / (1 - 0.000001)). */
    static final long WELL_TO = -4_605_169;

    private static final long USUAL_MIN = 5_000;
    private static final long USUAL_MAX = 400_000;
    private static final long FAULTY_MIN = 100_000;
    private static final long FAULTY_MAX = 900_000;
    private static final long TIMES_USUAL = 5;

    /** Fewer outcomes say nothing of what is usual. */
    private static final long BASELINE_MIN = 100;

    Sprt {
        if (usual <= 0 || faulty <= usual || faulty >= MILLION) {
            throw new IllegalArgumentException("failures of a million: " + usual + ", " + faulty
                    + " (expected: 0 < usual < faulty < " + MILLION + ")");
        }
    }

    /** Against what was so far: twice as much is still usual, ten times as much is a fault, within bounds. */
    static Sprt against(Baseline so) {
        long sofar = so.tried() < BASELINE_MIN ? 0 : so.failed() * MILLION / so.tried();
        long usual = Math.clamp(2 * sofar, USUAL_MIN, USUAL_MAX);
        return new Sprt(usual, Math.clamp(TIMES_USUAL * usual, FAULTY_MIN, FAULTY_MAX));
    }

    /** What so many outcomes say for a fault; below zero they speak against one. */
    long evidence(Attempts more) {
        return more.failed() * nats(faulty, usual)
                + (more.tried() - more.failed()) * nats(MILLION - faulty, MILLION - usual);
    }

    private static long nats(long one, long other) {
        return StrictMath.round(StrictMath.log((double) one / other) * MILLION);
    }
}
