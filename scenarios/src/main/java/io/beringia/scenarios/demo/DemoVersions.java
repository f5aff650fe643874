package io.beringia.scenarios.demo;

import java.util.Map;

/** Of what takes part in a run, for its verdict. */
public final class DemoVersions {
    private DemoVersions() {}

    public static Map<String, String> all() {
        return Map.of("beringia", ours(), "java", Runtime.version().toString());
    }

    private static String ours() {
        String version = DemoVersions.class.getPackage().getImplementationVersion();
        return version == null ? "unpacked" : version;
    }
}
