package io.beringia.scenarios.demo;

import java.util.Map;

/** What took part in a run and how it was set up, for its verdict. */
final class DemoVersions {
    private DemoVersions() {}

    static Map<String, String> all() {
        return Map.of(
                "beringia",
                ours(),
                "java",
                Runtime.version().toString(),
                "kernel",
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                "cores",
                Integer.toString(Runtime.getRuntime().availableProcessors()),
                "failover.timing",
                "holds, ramps, penalties and rate windows divided by " + DemoFiles.TIMING);
    }

    private static String ours() {
        String version = DemoVersions.class.getPackage().getImplementationVersion();
        return version == null ? "unpacked" : version;
    }
}
