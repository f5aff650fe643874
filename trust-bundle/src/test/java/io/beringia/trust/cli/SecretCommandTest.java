package io.beringia.trust.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.kube.SecretsApi;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class SecretCommandTest {
    private static final String[] FILES = {"ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"};

    @TempDir
    private Path dir = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final SecretsApi api;

    SecretCommandTest() throws IOException {
        this.api = new SecretsApi();
    }

    @BeforeEach
    void mesh() throws IOException {
        Files.writeString(dir.resolve("kubeconfig"), api.kubeconfig());
        ca("root", "--trust-domain", "corp.example");
        ca("intermediate", "--name", "us-east");
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void prints_a_manifest_with_all_four_files() throws IOException {
        out.getBuffer().setLength(0);
        assertThat(ca("secret", "--name", "us-east")).isZero();

        assertThat(out.toString())
                .contains("kind: \"Secret\"", "name: \"cacerts\"", "namespace: \"istio-system\"")
                .contains(Stream.of(FILES).map(this::encoded).toArray(String[]::new));
    }

    @Test
    void writes_it_in_one_request_and_then_leaves_it_alone() {
        assertThat(apply()).as("%s", err).isZero();
        assertThat(apply()).as("again: %s", err).isZero();

        assertThat(api.writes).containsExactly("POST");
        for (String file : FILES) {
            assertThat(api.secret().path("data").path(file).asString()).as(file).isEqualTo(encoded(file));
        }
        assertThat(out.toString()).contains("created istio-system/cacerts", "unchanged istio-system/cacerts");
    }

    @Test
    void whom_a_list_takes_back_is_never_forgotten_on_the_way() throws IOException {
        ca("crl", "--name", "us-east", "--serial", "4711");
        assertThat(apply()).as("%s", err).isZero();
        assertThat(api.secret().path("data").path("ca-crl.pem").asString())
                .as("beside the four")
                .isEqualTo(encoded("../ca-crl.pem"));

        Files.delete(dir.resolve("ca-crl.pem"));
        assertThat(apply()).isEqualTo(1);
        assertThat(err.toString()).contains("ca-crl.pem: in force there and missing here");
        assertThat(api.writes).containsExactly("POST");
    }

    @Test
    void lists_that_istiod_would_refuse_are_refused_here() {
        ca("crl");

        assertThat(apply()).isEqualTo(1);

        assertThat(err.toString())
                .contains("ca-crl.pem: no list of ", "(expected: one of each certificate in cert-chain.pem, or istiod");
        assertThat(api.writes).isEmpty();
    }

    @Test
    void the_next_intermediate_takes_the_place_of_the_first_as_the_next_generation() throws IOException {
        apply();
        newIntermediate();

        assertThat(apply()).as("%s", err).isZero();
        assertThat(api.writes).containsExactly("POST", "PUT");
        assertThat(api.secret()
                        .path("metadata")
                        .path("annotations")
                        .path("beringia.io/generation")
                        .asString())
                .isEqualTo("2");
    }

    @Test
    void another_root_is_refused_where_istiod_would_ignore_it() throws IOException {
        apply();
        Files.delete(dir.resolve("root-key.pem"));
        Files.delete(dir.resolve("root-cert.pem"));
        ca("root", "--trust-domain", "corp.example");
        Files.delete(dir.resolve("us-east/root-cert.pem"));
        newIntermediate();

        assertThat(apply()).isEqualTo(1);
        assertThat(err.toString()).contains("(expected: ISTIO_MULTIROOT_MESH=true at istiod)");
        api.takesSeveralRoots();
        assertThat(apply()).isEqualTo(1);
        assertThat(err.toString()).contains("(expected: first old and new roots together, then the new ones alone)");
        assertThat(api.writes).containsExactly("POST");
    }

    @Test
    void who_was_slower_is_told_and_changes_nothing() throws IOException {
        apply();
        String before = api.secret().path("data").toString();
        newIntermediate();
        api.changeBeforeTheNextWrite();

        assertThat(apply()).isNotZero();
        assertThat(err.toString()).contains("somebody else changed it meanwhile");
        assertThat(api.secret().path("data")).hasToString(before);
    }

    @Test
    void what_somebody_else_changed_is_kept_until_it_is_taken_over() throws IOException {
        apply();
        String ours = Files.readString(dir.resolve("us-east/cert-chain.pem"));
        api.changeByHand("cert-chain.pem", ours + ours);
        newIntermediate();

        assertThat(apply()).isEqualTo(1);
        assertThat(err.toString()).contains("cacerts: cert-chain.pem changed since it was written here");
        assertThat(api.writes).containsExactly("POST");
        assertThat(apply("--take-over")).as("%s", err).isZero();
        assertThat(api.secret().path("data").path("cert-chain.pem").asString()).isEqualTo(encoded("cert-chain.pem"));
        assertThat(api.secret().path("metadata").path("labels").path("team").asString())
                .as("what others wrote beside it")
                .isEqualTo("security");
    }

    @Test
    void files_that_do_not_belong_together_reach_no_cluster() throws IOException {
        Files.copy(
                dir.resolve("root-cert.pem"),
                dir.resolve("us-east/cert-chain.pem"),
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(apply()).isEqualTo(1);
        assertThat(err.toString()).contains("cert-chain.pem: begins with another certificate");
        assertThat(api.writes).isEmpty();
    }

    private void newIntermediate() throws IOException {
        for (String file : new String[] {"ca-cert.pem", "ca-key.pem", "cert-chain.pem"}) {
            Files.delete(dir.resolve("us-east").resolve(file));
        }
        assertThat(ca("intermediate", "--name", "us-east")).as("%s", err).isZero();
    }

    private int apply(String... more) {
        List<String> all = new ArrayList<>(List.of("--name", "us-east", "--apply", "--kubeconfig"));
        all.add(dir.resolve("kubeconfig").toString());
        all.addAll(List.of(more));
        return ca("secret", all.toArray(String[]::new));
    }

    private int ca(String command, String... more) {
        String[] all = Stream.concat(Stream.of(command, "--dir", dir.toString()), Stream.of(more))
                .toArray(String[]::new);
        return new CommandLine(new CaCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }

    private String encoded(String file) {
        try {
            return Base64.getEncoder()
                    .encodeToString(Files.readString(dir.resolve("us-east").resolve(file))
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
