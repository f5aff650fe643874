package io.beringia.trust.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.pki.PemFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Keys are those of the resources {@code makefile/}, of nobody: 4,096 bits are slow to find. */
final class MakefileCaTest {
    @TempDir
    private static Path dir = Path.of("");

    private static final StringWriter OUT = new StringWriter();
    private static final StringWriter ERR = new StringWriter();

    @BeforeAll
    static void make() throws IOException {
        for (String key : List.of("root-key.pem", "us-east/ca-key.pem", "shop/ca-key.pem", "shop/key.pem")) {
            bring(key, dir);
        }
        makeAll();
    }

    private static void makeAll() {
        assertThat(run("root")).as("root: %s", ERR).isZero();
        assertThat(run("intermediate", "--name", "us-east"))
                .as("us-east: %s", ERR)
                .isZero();
        assertThat(run("workload", "--namespace", "shop", "--service-account", "cart"))
                .as("shop: %s", ERR)
                .isZero();
    }

    @Test
    void writes_the_makefiles_files_with_their_modes() throws IOException {
        assertThat(files())
                .isEqualTo(Map.ofEntries(
                        Map.entry("root-ca.conf", "rw-r--r--"),
                        Map.entry("root-cert.csr", "rw-r--r--"),
                        Map.entry("root-cert.pem", "rw-r--r--"),
                        Map.entry("root-cert.srl", "rw-r--r--"),
                        Map.entry("root-key.pem", "rw-------"),
                        Map.entry("us-east/ca-cert.pem", "rw-r--r--"),
                        Map.entry("us-east/ca-key.pem", "rw-------"),
                        Map.entry("us-east/cert-chain.pem", "rw-r--r--"),
                        Map.entry("us-east/root-cert.pem", "rw-r--r--"),
                        Map.entry("shop/ca-cert.pem", "rw-r--r--"),
                        Map.entry("shop/ca-cert.srl", "rw-r--r--"),
                        Map.entry("shop/ca-key.pem", "rw-------"),
                        Map.entry("shop/key.pem", "rw-------"),
                        Map.entry("shop/root-cert.pem", "rw-r--r--"),
                        Map.entry("shop/workload-cert.pem", "rw-r--r--"),
                        Map.entry("shop/workload-cert-chain.pem", "rw-r--r--")));
    }

    @Test
    void a_later_make_finds_nothing_older_than_what_it_was_made_of() throws IOException {
        for (List<String> order : List.of(
                List.of("root-key.pem", "root-ca.conf", "root-cert.csr", "root-cert.pem", "us-east/ca-cert.pem"),
                List.of("us-east/ca-key.pem", "us-east/ca-cert.pem", "us-east/cert-chain.pem"),
                List.of("shop/ca-key.pem", "shop/ca-cert.pem", "shop/workload-cert.pem"),
                List.of("shop/key.pem", "shop/workload-cert.pem", "shop/workload-cert-chain.pem"))) {
            assertThat(times(order)).as("%s", order).isSorted();
        }
    }

    @Test
    void chains_hold_the_root_as_the_makefiles_do() throws IOException {
        assertThat(Files.readString(dir.resolve("us-east/cert-chain.pem")))
                .isEqualTo(Files.readString(dir.resolve("us-east/ca-cert.pem"))
                        + Files.readString(dir.resolve("root-cert.pem")));
        assertThat(Files.readString(dir.resolve("shop/workload-cert-chain.pem")))
                .isEqualTo(Files.readString(dir.resolve("shop/workload-cert.pem"))
                        + Files.readString(dir.resolve("shop/ca-cert.pem"))
                        + Files.readString(dir.resolve("root-cert.pem")));
    }

    @Test
    void serials_of_one_root_follow_one_another() throws IOException {
        BigInteger first = serial("us-east/ca-cert.pem");

        assertThat(serial("shop/ca-cert.pem")).isEqualTo(first.add(BigInteger.ONE));
        assertThat(new BigInteger(Files.readString(dir.resolve("root-cert.srl")).strip(), 16))
                .isEqualTo(serial("shop/ca-cert.pem"));
    }

    @Test
    void a_workload_is_one_of_the_domain_that_the_makefile_names() {
        assertThat(Authority.idOf(PemFile.certificates(dir.resolve("shop/workload-cert.pem"))
                        .getFirst()))
                .hasToString("Optional[spiffe://cluster.local/ns/shop/sa/cart]");
    }

    @Test
    void a_second_run_makes_nothing_anew() throws IOException {
        Map<String, String> before = contents();

        makeAll();

        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void a_report_names_each_file_once(@TempDir Path begun) throws IOException {
        bring("root-key.pem", begun);
        bring("us-east/ca-key.pem", begun);
        OUT.getBuffer().setLength(0);

        assertThat(run(begun, "intermediate", "--name", "us-east")).isZero();

        assertThat(OUT.toString().lines().filter(line -> line.endsWith("/root-cert.pem")))
                .containsExactly(
                        "written " + begun.resolve("root-cert.pem"),
                        "written " + begun.resolve("us-east/root-cert.pem"));
    }

    @Test
    void a_folder_that_the_makefile_began_is_continued(@TempDir Path begun) throws IOException {
        for (String file : List.of("root-key.pem", "root-cert.pem", "root-cert.srl")) {
            Files.copy(dir.resolve(file), begun.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }

        bring("eu-west/ca-key.pem", begun);
        assertThat(run(begun, "intermediate", "--name", "eu-west", "--days", "30"))
                .isZero();

        var made = PemFile.certificates(begun.resolve("eu-west/ca-cert.pem")).getFirst();
        assertThat(made.getSerialNumber()).isEqualTo(serial("shop/ca-cert.pem").add(BigInteger.ONE));
        assertThat(Duration.between(
                        made.getNotBefore().toInstant(), made.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofDays(30));
    }

    @Test
    void options_of_the_other_profile_are_refused() {
        assertThat(run("root", "--trust-domain", "corp.example")).isEqualTo(1);
        assertThat(run("root", "--demo")).isEqualTo(1);
        assertThat(run("workload", "--namespace", "shop", "--name", "us-east")).isEqualTo(1);
        assertThat(ERR.toString())
                .contains("--trust-domain: unknown to profile istio (expected: none, its CAs name no trust domain)")
                .contains(
                        "--name: unknown to profile istio (expected: none, the namespace gets an intermediate of its own)");
    }

    @Test
    void openssl_verifies_what_was_made() throws IOException, InterruptedException {
        String root = dir.resolve("root-cert.pem").toString();
        String intermediate = dir.resolve("shop/ca-cert.pem").toString();
        String leaf = dir.resolve("shop/workload-cert.pem").toString();
        Process openssl = openssl("verify", "-CAfile", root, "-untrusted", intermediate, leaf);

        assertThat(openssl.waitFor(30, TimeUnit.SECONDS)).as("in time").isTrue();
        assertThat(new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines(leaf + ": OK");
    }

    private static Process openssl(String... arguments) {
        try {
            return new ProcessBuilder(Stream.concat(Stream.of("openssl"), Stream.of(arguments))
                            .toList())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assertThat(System.getenv("REQUIRE_OPENSSL"))
                    .as("openssl is not on PATH")
                    .isNotEqualTo("1");
            Assumptions.abort("openssl is not on PATH (expected: Debian's package openssl)");
            throw new IllegalStateException(e);
        }
    }

    private static void bring(String key, Path folder) throws IOException {
        Path file = folder.resolve(key);
        Files.createDirectories(file.getParent());
        String golden = "/makefile/" + key.replace("eu-west", "us-east");
        try (InputStream in = Objects.requireNonNull(MakefileCaTest.class.getResourceAsStream(golden), golden)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, in.readAllBytes());
        }
    }

    private static int run(String command, String... more) {
        return run(dir, command, more);
    }

    private static int run(Path folder, String command, String... more) {
        String[] all = Stream.concat(
                        Stream.of(command, "--profile", "istio", "--dir", folder.toString()), Stream.of(more))
                .toArray(String[]::new);
        return new CommandLine(new CaCommand())
                .setOut(new PrintWriter(OUT, true))
                .setErr(new PrintWriter(ERR, true))
                .execute(all);
    }

    private static BigInteger serial(String file) {
        return PemFile.certificates(dir.resolve(file)).getFirst().getSerialNumber();
    }

    private static List<FileTime> times(List<String> order) throws IOException {
        List<FileTime> times = new ArrayList<>();
        for (String file : order) {
            times.add(Files.getLastModifiedTime(dir.resolve(file)));
        }
        return times;
    }

    private static Map<String, String> files() throws IOException {
        Map<String, String> modes = new TreeMap<>();
        for (Path file : regular()) {
            modes.put(
                    dir.relativize(file).toString(),
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        return modes;
    }

    private static Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (Path file : regular()) {
            contents.put(dir.relativize(file).toString(), Files.readString(file));
        }
        return contents;
    }

    private static List<Path> regular() throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
