package io.beringia.scenarios.fault;

/**
 * One place of a {@link Testbed}.
 *
 * @param number 1 to 199; all its addresses are in {@code 127.<number>.0.0/16}, as on a machine without namespaces
 */
public record Site(String name, int number) {
    private static final int NUMBER_MAX = 199;

    public Site {
        if (number < 1 || number > NUMBER_MAX) {
            throw new IllegalArgumentException("site " + name + ": " + number + " (expected: 1..199)");
        }
    }

    String prefix() {
        return "127." + number + ".0.0/16";
    }

    /** Its end in the hub. */
    String link() {
        return "site" + number;
    }

    /** What processes call from that bind no address. */
    String address() {
        return "127." + number + ".0.1";
    }
}
