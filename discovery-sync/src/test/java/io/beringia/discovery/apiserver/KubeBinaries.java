package io.beringia.discovery.apiserver;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The programs of a real control plane on this machine.
 *
 * @param directory has kube-apiserver; {@code make kube-binaries} puts the definitions of the Multi-Cluster Services API there, too
 */
record KubeBinaries(Path directory, Path etcd) {
    /**
     * In KUBE_BINARIES, and etcd also on PATH. Where they are not there the test is skipped and says so; REQUIRE_KUBE=1 makes that
     * a failure.
     */
    static KubeBinaries find() {
        return find(name -> Optional.ofNullable(System.getenv(name)).orElse(""));
    }

    /** @param environment empty for a name that is not in it */
    static KubeBinaries find(Function<String, String> environment) {
        String given = environment.apply("KUBE_BINARIES");
        if (given.isEmpty() || !Files.isExecutable(Path.of(given, "kube-apiserver"))) {
            return missing(environment, "no kube-apiserver in KUBE_BINARIES=" + given);
        }
        return Stream.concat(
                        Stream.of(given),
                        Arrays.stream(environment.apply("PATH").split(File.pathSeparator, -1))
                                .filter(folder -> !folder.isEmpty()))
                .map(folder -> Path.of(folder, "etcd"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(etcd -> new KubeBinaries(Path.of(given), etcd))
                .orElseGet(() -> missing(environment, "etcd is neither in KUBE_BINARIES=" + given + " nor on PATH"));
    }

    private static KubeBinaries missing(Function<String, String> environment, String what) {
        String why = what + " (expected: a directory as make kube-binaries makes it)";
        if (environment.apply("REQUIRE_KUBE").equals("1")) {
            throw new AssertionError("REQUIRE_KUBE=1, but " + why);
        }
        return Assumptions.abort(why + ": not tried with real API servers");
    }

    Path apiServer() {
        return directory.resolve("kube-apiserver");
    }

    Path definitions() {
        return directory.resolve("definitions");
    }
}
