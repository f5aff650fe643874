package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as it is shipped, in a distribution of a few small files, with a Java that says how it was called. */
final class LauncherTest {
    private static final Path LAUNCHER = Path.of("src/main/dist/bin/beringia");
    private static final String SAYS_ITS_OPTIONS = "#!/bin/sh\nprintf '%s\\n' \"$@\"\n";
    private static final String REHEARSES = "#!/bin/sh\nfor word; do last=$word; done\necho \"$@\" >\"$last\"\n";

    /** With a blank in its name. */
    private Path home;

    private Path jdk;
    private Path java;

    @BeforeEach
    void lay_out_a_distribution(@TempDir Path directory) throws IOException {
        home = directory.resolve("a home");
        jdk = directory.resolve("jdk");
        java = jdk.resolve("bin/java");
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        Files.createDirectories(jdk.resolve("bin"));
        Files.copy(LAUNCHER, home.resolve("bin/beringia"));
        for (String jar :
                List.of("scenarios", "trust-bundle-1", "discovery-sync-1", "east-west-gateway-1", "failover-1")) {
            Files.writeString(jar(jar), jar);
        }
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
        program(SAYS_ITS_OPTIONS);
    }

    @Test
    void memory_outside_the_heap_is_bounded() throws Exception {
        assertThat(options(""))
                .filteredOn(option -> option.startsWith("-XX:MaxDirectMemorySize="))
                .singleElement()
                .satisfies(option -> assertThat(Long.parseLong(option.substring(option.indexOf('=') + 1)))
                        .isPositive()
                        .isLessThan(Long.MAX_VALUE / 4));
    }

    @Test
    void options_of_ones_own_come_last() throws Exception {
        assertThat(options("-XX:MaxDirectMemorySize=5m -Xmx9m"))
                .containsSubsequence(
                        "-XX:MaxDirectMemorySize=5m", "-Xmx9m", "-cp", "io.beringia.cli.Beringia", "version");
    }

    @Test
    void no_start_waits_for_a_cache() throws Exception {
        assertThat(options("")).contains("-XX:+UseSerialGC").noneMatch(LauncherTest::isCache);
    }

    @Test
    void a_rehearsed_start_uses_its_cache() throws Exception {
        rehearse();
        assertThat(options("-Dany=thing"))
                .contains("-XX:AOTCache=" + home.toRealPath().resolve("lib/beringia.aot"));
    }

    @Test
    void a_cache_is_not_believed_when_a_jar_of_ours_has_changed_that_is_as_old_and_as_large() throws Exception {
        rehearse();
        FileTime before = Files.getLastModifiedTime(jar("failover-1"));
        Files.writeString(jar("failover-1"), "failover-2");
        Files.setLastModifiedTime(jar("failover-1"), before);
        assertThat(options("")).noneMatch(LauncherTest::isCache);
    }

    @Test
    void a_cache_is_not_believed_when_a_jar_has_come() throws Exception {
        rehearse();
        Files.writeString(jar("other-2"), "");
        assertThat(options("")).noneMatch(LauncherTest::isCache);
    }

    @Test
    void a_cache_is_not_believed_when_java_is_another_build() throws Exception {
        rehearse();
        Files.writeString(jdk.resolve("release"), "more\n", StandardOpenOption.APPEND);
        assertThat(options("")).noneMatch(LauncherTest::isCache);
    }

    @Test
    void who_chooses_a_collector_gets_that_one_alone_and_no_cache() throws Exception {
        rehearse();
        assertThat(options("-XX:+UseZGC"))
                .contains("-XX:+UseZGC")
                .doesNotContain("-XX:+UseSerialGC")
                .noneMatch(LauncherTest::isCache);
    }

    @Test
    void who_lays_out_the_heap_gets_no_cache_since_java_would_refuse_to_start() throws Exception {
        rehearse();
        assertThat(options("-Xmn100m")).contains("-Xmn100m").noneMatch(LauncherTest::isCache);
    }

    @Test
    void a_rehearsal_that_fails_says_so_and_leaves_no_cache() throws Exception {
        program("#!/bin/sh\nexit 1\n");
        Said said = run("", "rehearse");
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.error()).startsWith("beringia: no AOT cache, so starts take longer; see ");
        program(SAYS_ITS_OPTIONS);
        assertThat(options("")).noneMatch(LauncherTest::isCache);
    }

    @Test
    void what_fits_is_not_rehearsed_again() throws Exception {
        rehearse();
        program("#!/bin/sh\nexit 1\n");
        assertThat(run("", "rehearse").code()).isZero();
    }

    private static boolean isCache(String option) {
        return option.startsWith("-XX:AOTCache");
    }

    private void rehearse() throws Exception {
        program(REHEARSES);
        assertThat(run("", "rehearse")).isEqualTo(new Said(0, List.of(), ""));
        program(SAYS_ITS_OPTIONS);
    }

    private List<String> options(String ofOnesOwn) throws Exception {
        Said said = run(ofOnesOwn, "version");
        assertThat(said.code()).as(said.error()).isZero();
        return said.lines();
    }

    private record Said(int code, List<String> lines, String error) {}

    private Said run(String options, String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/beringia").toString(), command);
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().put("BERINGIA_JAVA_OPTS", options);
        Path error = home.resolve("error");
        Process process = builder.redirectError(error.toFile()).start();
        List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        return new Said(process.waitFor(), lines, Files.readString(error));
    }

    private Path jar(String name) {
        return home.resolve("lib").resolve(name + ".jar");
    }

    private void program(String text) throws IOException {
        Files.deleteIfExists(java);
        Files.writeString(java, text);
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }
}
