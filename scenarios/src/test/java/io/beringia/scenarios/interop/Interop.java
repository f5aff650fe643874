package io.beringia.scenarios.interop;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Whether a run against real peers is wanted and possible. */
final class Interop {
    private Interop() {}

    /** The ztunnel to run; skips the test where there is none, or fails it where one is required. */
    static String ztunnel() throws Exception {
        Optional<String> ztunnel = path("ZTUNNEL");
        require(ztunnel.isPresent() ? "" : "set ZTUNNEL=/path/to/ztunnel to run against a real ztunnel");
        require(Namespaces.whyNot());
        System.out.println("interop: " + ztunnel.orElseThrow() + " " + version(ztunnel.orElseThrow()));
        return ztunnel.orElseThrow();
    }

    /** The program of Istio's {@code pkg/test/echo/cmd/client}; skips or fails as {@link #ztunnel()}. */
    static String hboneClient() {
        Optional<String> client = path("HBONE_CLIENT");
        require(client.isPresent() ? "" : "set HBONE_CLIENT=/path/to/client to be called by Istio's Go client");
        return client.orElseThrow();
    }

    private static Optional<String> path(String variable) {
        return Optional.ofNullable(System.getenv(variable)).filter(path -> !path.isEmpty());
    }

    private static void require(String whyNot) {
        if (!whyNot.isEmpty() && "1".equals(System.getenv("REQUIRE_INTEROP"))) {
            fail("interop: " + whyNot);
        }
        assumeTrue(whyNot.isEmpty(), "interop: " + whyNot);
    }

    private static String version(String ztunnel) throws Exception {
        Process process =
                new ProcessBuilder(ztunnel, "version").redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
