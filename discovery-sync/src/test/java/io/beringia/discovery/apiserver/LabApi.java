package io.beringia.discovery.apiserver;

import io.beringia.discovery.lab.LabApiServer;
import io.beringia.discovery.lab.LabToken;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The lab's API over a directory of manifests. */
public final class LabApi implements TestApi {
    /** The one account whose token the lab knows. */
    public static final LabToken TOKEN = new LabToken("cart-token", "shop", "cart", List.of("istio-ca"));

    /** The file of its directory that {@link #hold} writes. */
    public static final String MANIFESTS = "all.yaml";

    private final Path directory;
    private final LabApiServer lab;
    private final KubernetesClient client;

    private LabApi(Path directory, LabApiServer lab) {
        this.directory = directory;
        this.lab = lab;
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(lab.uri().toString())
                .withOnlyHttpWatches(true)
                .withRequestRetryBackoffLimit(0)
                .withRequestTimeout(5_000)
                .build();
        this.client = new KubernetesClientBuilder().withConfig(config).build();
    }

    /** @param directory becomes its manifests */
    public static LabApi start(Path directory, String yaml) {
        try {
            Files.writeString(directory.resolve(MANIFESTS), yaml);
            LabApiServer lab = LabApiServer.start(
                    new LabApiServer.Options(
                            directory,
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            Duration.ofMillis(20),
                            List.of(TOKEN)),
                    InstantSource.system());
            return new LabApi(directory, lab);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        } catch (InterruptedException hurry) {
            throw new IllegalStateException(hurry);
        }
    }

    public LabApiServer lab() {
        return lab;
    }

    @Override
    public KubernetesClient client() {
        return client;
    }

    /** In one step: an empty file between would mean that all is gone. */
    @Override
    public void hold(String yaml) {
        try {
            Path next = Files.writeString(directory.resolve("all.next"), yaml);
            Files.move(next, directory.resolve(MANIFESTS), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    @Override
    public String token(String namespace, String account, String audience) {
        if (!new LabToken(TOKEN.secret(), namespace, account, List.of(audience)).equals(TOKEN)) {
            throw new IllegalArgumentException(namespace + "/" + account + " (expected: " + TOKEN + ")");
        }
        return TOKEN.secret();
    }

    @Override
    public String kubeconfig() {
        return lab.kubeconfig();
    }

    @Override
    public void close() {
        client.close();
        lab.close();
    }
}
