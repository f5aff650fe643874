package io.beringia.gateway.overload;

import java.util.Locale;

/** How short of something this process is. Each level does what the one before does, and more. */
public enum OverloadLevel {
    NONE(0),
    /** New tunnels are answered with 503. */
    REFUSING(0.90),
    /** The youngest connections hear a GOAWAY. */
    SHEDDING(0.95),
    /** No connection is accepted. */
    CLOSED(0.98);

    private final double from;

    OverloadLevel(double from) {
        this.from = from;
    }

    /** The pressure at which it begins. */
    double from() {
        return from;
    }

    public boolean isRefusing() {
        return compareTo(REFUSING) >= 0;
    }

    boolean isShedding() {
        return compareTo(SHEDDING) >= 0;
    }

    boolean isClosed() {
        return this == CLOSED;
    }

    /** As it stands in logs and metrics. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
