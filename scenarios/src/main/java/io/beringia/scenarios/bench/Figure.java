package io.beringia.scenarios.bench;

/** What is measured, in which unit, and which way is better. Equal figures are compared with each other. */
record Figure(String name, String unit, Better better) {
    enum Better {
        LESS,
        MORE
    }

    /** How many times better the first is than the second; below 1 it is worse. */
    double advantage(double ours, double theirs) {
        return switch (better) {
            case LESS -> theirs / ours;
            case MORE -> ours / theirs;
        };
    }
}
