package io.beringia.scenarios.bench;

import java.util.Locale;

/** The cipher that every secured connection of a measure uses; the client offers no other. */
enum Suite {
    AES_128("TLS_AES_128_GCM_SHA256"),
    AES_256("TLS_AES_256_GCM_SHA384");

    private final String name;

    Suite(String name) {
        this.name = name;
    }

    /** As TLS names it. */
    String tlsName() {
        return name;
    }

    /** As it stands in tables. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
