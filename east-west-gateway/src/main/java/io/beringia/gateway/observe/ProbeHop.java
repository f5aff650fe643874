package io.beringia.gateway.observe;

import java.util.Locale;

/** How far a look at a path came before it failed. */
enum ProbeHop {
    TCP,
    OUTER_TLS,
    /** The gateway's answer, or its own silence. */
    BORDER,
    INNER_TLS,
    APPLICATION;

    /** As it stands in metric tags. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
