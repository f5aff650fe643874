package io.beringia.discovery.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Where the programs of a control plane are looked for. */
@Tag("kube")
final class KubeBinariesTest {
    @TempDir
    private Path directory;

    @Test
    void without_them_a_test_is_skipped_and_fails_where_they_are_required() throws Exception {
        String empty = directory.toString();

        assertThatThrownBy(() -> find(Map.of()))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContainingAll("no kube-apiserver in KUBE_BINARIES=", "not tried with real API servers");
        assertThatThrownBy(() -> find(Map.of("KUBE_BINARIES", empty, "REQUIRE_KUBE", "1")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("REQUIRE_KUBE=1", empty, "make kube-binaries");
    }

    @Test
    void etcd_may_come_from_the_distribution_and_one_beside_the_server_comes_first() throws Exception {
        Path given = programs("given", "kube-apiserver");
        Path distribution = programs("bin", "etcd");
        Map<String, String> environment = Map.of("KUBE_BINARIES", given.toString(), "PATH", "/nowhere:" + distribution);

        assertThatThrownBy(() -> find(Map.of("KUBE_BINARIES", given.toString())))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("etcd is neither in KUBE_BINARIES=" + given + " nor on PATH");
        assertThat(find(environment).etcd()).isEqualTo(distribution.resolve("etcd"));
        programs("given", "etcd");
        assertThat(find(environment).etcd()).isEqualTo(given.resolve("etcd"));
    }

    private static KubeBinaries find(Map<String, String> environment) {
        return KubeBinaries.find(name -> environment.getOrDefault(name, ""));
    }

    private Path programs(String folder, String name) throws Exception {
        Path made = Files.createDirectories(directory.resolve(folder));
        Files.createFile(
                made.resolve(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        return made;
    }
}
