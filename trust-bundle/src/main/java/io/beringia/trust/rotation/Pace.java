package io.beringia.trust.rotation;

/** How much a rotation waits for. */
public sealed interface Pace {
    /** For everybody: nobody loses anybody. */
    record Careful() implements Pace {}

    /**
     * The old root's key is in wrong hands. Waits for a share of the data planes and for nobody else; the rest fail
     * until they renew, which is what the operator chose.
     *
     * @param percent of the data planes, 1 to 100
     */
    record Urgent(int percent) implements Pace {
        public Urgent {
            if (percent < 1 || percent > 100) {
                throw new IllegalArgumentException("percent: " + percent + " (expected: 1 to 100)");
            }
        }

        boolean allows(int lacking, int planes) {
            return (long) (planes - lacking) * 100 >= (long) planes * percent;
        }
    }
}
