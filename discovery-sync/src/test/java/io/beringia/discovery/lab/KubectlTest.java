package io.beringia.discovery.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lab as a stock {@code kubectl} sees it. Looked for in KUBE_BINARIES and PATH; REQUIRE_KUBECTL=1 forbids to skip. */
final class KubectlTest {
    private static final String SHOP = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop}
            spec: {clusterIP: 10.0.0.1, selector: {app: cart}, ports: [{port: 80}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: cart-1, namespace: shop, labels: {app: cart}}
            """;

    @TempDir
    private Path directory;

    private Path kubectl = Path.of("kubectl");
    private LabApiServer lab;

    @BeforeEach
    void start() throws Exception {
        Optional<Path> found = find();
        if (!"1".equals(System.getenv("REQUIRE_KUBECTL"))) {
            assumeTrue(found.isPresent(), "no kubectl in KUBE_BINARIES or PATH: not tried with kubectl");
        }
        kubectl = found.orElseThrow(
                () -> new AssertionError("REQUIRE_KUBECTL=1, but no kubectl in KUBE_BINARIES or PATH"));
        Path manifests = Files.createDirectory(directory.resolve("manifests"));
        Files.writeString(manifests.resolve("shop.yaml"), SHOP);
        lab = LabApiServer.start(
                new LabApiServer.Options(
                        manifests,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Duration.ofSeconds(1),
                        List.of()),
                InstantSource.system());
        Files.writeString(directory.resolve("config"), lab.kubeconfig());
    }

    @AfterEach
    void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void gets_labels_annotates_and_deletes() throws Exception {
        assertThat(run("get", "pods,svc", "-A")).as("get").contains("cart-1", "service/cart");
        assertThat(run("get", "pods", "-n", "shop", "-l", "app=cart", "-o", "name"))
                .as("by label")
                .isEqualTo("pod/cart-1\n");
        assertThat(run("label", "service", "cart", "-n", "shop", "istio.io/global=true"))
                .as("label")
                .contains("labeled");
        assertThat(run("annotate", "svc/cart", "-n", "shop", "beringia.io/export-to=us-west"))
                .as("annotate")
                .contains("annotated");
        assertThat(
                        run(
                                "get",
                                "svc",
                                "cart",
                                "-n",
                                "shop",
                                "-o",
                                "jsonpath={.metadata.labels.istio\\.io/global} {.metadata.annotations.beringia\\.io/export-to}"))
                .as("what was written")
                .isEqualTo("true us-west");
        assertThat(run("label", "service", "cart", "-n", "shop", "istio.io/global-"))
                .as("unlabel")
                .contains("unlabeled");
        assertThat(run("delete", "pod", "cart-1", "-n", "shop")).as("delete").contains("deleted");
        assertThat(run("get", "pods", "-n", "shop", "-o", "name"))
                .as("after deletion")
                .isEmpty();
    }

    private String run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                kubectl.toString(),
                "--kubeconfig",
                directory.resolve("config").toString(),
                "--cache-dir",
                directory.resolve("cache").toString()));
        command.addAll(Arrays.asList(arguments));
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("kubectl ends").isTrue();
            String said = Files.readString(out, StandardCharsets.UTF_8);
            assertThat(process.exitValue())
                    .as(String.join(" ", arguments) + ": " + said)
                    .isZero();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    private static Optional<Path> find() {
        Stream<String> given = Stream.ofNullable(System.getenv("KUBE_BINARIES"));
        Stream<String> onPath = Stream.ofNullable(System.getenv("PATH"))
                .flatMap(path -> Arrays.stream(path.split(File.pathSeparator, -1)));
        return Stream.concat(given, onPath)
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
