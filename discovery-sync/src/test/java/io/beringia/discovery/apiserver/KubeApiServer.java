package io.beringia.discovery.apiserver;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * One real kube-apiserver on loopback, with its own certificate, keys and token. There is no kubelet and no controller
 * manager: pods run, slices appear and namespaces vanish only as a test writes. Owned by one test.
 */
public final class KubeApiServer implements AutoCloseable {
    private static final int ANSWER_MILLIS_MAX = 10_000;

    private final KubeBinaries binaries;
    private final Etcd etcd;
    private final String cluster;
    private final Path directory;
    private final int port = Etcd.freePort();
    private final String token = new BigInteger(128, new SecureRandom()).toString(16);
    private GuardedProcess process;
    private Optional<KubernetesClient> client = Optional.empty();

    private KubeApiServer(KubeBinaries binaries, Etcd etcd, String cluster, Path directory) {
        this.binaries = binaries;
        this.etcd = etcd;
        this.cluster = cluster;
        this.directory = directory;
        write("accounts.pem", accountsKey());
        write("tokens.csv", token + ",admin,admin,\"system:masters\"\n");
        this.process = launch();
    }

    /**
     * Answers when this returns.
     *
     * @param cluster its prefix in etcd
     * @param directory is made
     */
    static KubeApiServer start(KubeBinaries binaries, Etcd etcd, String cluster, Path directory) {
        try {
            Files.createDirectory(directory);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        KubeApiServer server = new KubeApiServer(binaries, etcd, cluster, directory);
        try {
            Readiness.await(server.process, server::missing);
            return server;
        } catch (RuntimeException notReady) {
            server.close();
            throw notReady;
        }
    }

    private GuardedProcess launch() {
        return GuardedProcess.start(
                "kube-apiserver/" + cluster,
                List.of(
                        binaries.apiServer().toString(),
                        "--etcd-servers=" + etcd.uri(),
                        "--etcd-prefix=/" + cluster,
                        "--bind-address=127.0.0.1",
                        "--advertise-address=127.0.0.1",
                        "--secure-port=" + port,
                        "--cert-dir=" + directory.resolve("certificates"),
                        "--token-auth-file=" + directory.resolve("tokens.csv"),
                        "--service-account-issuer=https://kubernetes.default.svc",
                        "--service-account-key-file=" + directory.resolve("accounts.pem"),
                        "--service-account-signing-key-file=" + directory.resolve("accounts.pem"),
                        "--service-cluster-ip-range=10.96.0.0/16",
                        "--authorization-mode=RBAC",
                        "--disable-admission-plugins=ServiceAccount",
                        "--endpoint-reconciler-type=none",
                        "--allow-privileged"),
                directory.resolve("kube-apiserver.log"));
    }

    /** Ready is: its certificate is there, it says so itself, and its first namespace was made. */
    private Optional<String> missing() {
        // It writes its key after its certificate.
        if (!Files.exists(certificate().resolveSibling("apiserver.key"))) {
            return Optional.of("no certificate");
        }
        try {
            var _ = client().raw("/readyz");
            return client().namespaces().withName("default").get() == null
                    ? Optional.of("no namespace default")
                    : Optional.empty();
        } catch (KubernetesClientException notYet) {
            return Optional.of("/readyz: " + notYet.getMessage());
        }
    }

    /** As an administrator. The same one until this is closed. */
    public KubernetesClient client() {
        KubernetesClient one = client.orElseGet(this::connect);
        client = Optional.of(one);
        return one;
    }

    private KubernetesClient connect() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(uri().toString())
                .withCaCertData(authority())
                .withOauthToken(token)
                .withOnlyHttpWatches(true)
                .withRequestRetryBackoffLimit(0)
                .withRequestTimeout(ANSWER_MILLIS_MAX)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private URI uri() {
        return URI.create("https://127.0.0.1:" + port);
    }

    /** As an administrator. */
    public String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                current-context: %1$s
                clusters:
                - name: %1$s
                  cluster:
                    server: %2$s
                    certificate-authority-data: %3$s
                contexts:
                - name: %1$s
                  context:
                    cluster: %1$s
                    user: %1$s
                users:
                - name: %1$s
                  user:
                    token: %4$s
                """.formatted(cluster, uri(), authority(), token);
    }

    /** The server signed its certificate with a key that it threw away; both certificates are in that file. */
    private Path certificate() {
        return directory.resolve("certificates").resolve("apiserver.crt");
    }

    private String authority() {
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(certificate()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String accountsKey() {
        try {
            KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
            keys.initialize(2_048);
            byte[] key = keys.generateKeyPair().getPrivate().getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
                    .formatted(Base64.getMimeEncoder().encodeToString(key));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void write(String file, String text) {
        try {
            Files.writeString(directory.resolve(file), text);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** Accepts connections and answers none, until it thaws. */
    public void freeze() {
        process.freeze();
    }

    public void thaw() {
        process.thaw();
    }

    /** As a crash does. */
    public void kill() {
        process.kill();
    }

    /** After {@link #kill}, on the same port with the same certificate. Answers when this returns. */
    public void restart() {
        process = launch();
        Readiness.await(process, this::missing);
    }

    @Override
    public void close() {
        process.close();
        client.ifPresent(KubernetesClient::close);
    }
}
