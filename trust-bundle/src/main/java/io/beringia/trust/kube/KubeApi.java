package io.beringia.trust.kube;

import io.beringia.trust.issuance.ClusterApi;
import io.beringia.trust.issuance.PodDirectory;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** The API server of our cluster, over one client. Any thread; close it to end the client and the watch of pods. */
public final class KubeApi implements AutoCloseable {
    /** Somebody waits for a certificate meanwhile, and asks again. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);

    /** As an IP address, so that no name resolves to somewhere else. */
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}|\\[::1]");

    private final KubernetesClient client;
    private final ExecutorService tasks;
    private final Optional<KubePods> pods;

    private KubeApi(KubernetesClient client, ExecutorService tasks, Optional<KubePods> pods) {
        this.client = client;
        this.tasks = tasks;
        this.pods = pods;
    }

    /**
     * Needs no answer yet. {@code kubeconfig} says where; empty takes what a pod is given. Throws
     * {@link IllegalArgumentException} where there is no such file, or where tokens would cross a network in the open.
     *
     * @param withPods follows the pods of all namespaces
     */
    public static KubeApi open(Optional<Path> kubeconfig, boolean withPods, InstantSource clock) {
        return open(config(kubeconfig), withPods, clock);
    }

    /**
     * The same for an operator at a keyboard: the file and the context that {@code kubectl} would take, or those that are
     * named.
     */
    public static KubeApi ofOperator(Optional<Path> kubeconfig, Optional<String> context, InstantSource clock) {
        Config found = kubeconfig
                .map(file -> Config.fromKubeconfig(
                        context.orElse(null), readable(file).toFile()))
                .orElseGet(() -> Config.autoConfigure(context.orElse(null)));
        return open(bounded(found), false, clock);
    }

    private static KubeApi open(Config config, boolean withPods, InstantSource clock) {
        if (!isPrivate(URI.create(config.getMasterUrl()))) {
            throw new IllegalArgumentException(
                    "API server: " + config.getMasterUrl() + " (expected: https, or a loopback address)");
        }
        ExecutorService tasks = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("kube/", 0).factory());
        KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new JdkHttpClientFactory())
                .withTaskExecutor(tasks)
                .build();
        return new KubeApi(client, tasks, withPods ? Optional.of(KubePods.follow(client, clock)) : Optional.empty());
    }

    /** The same, as the issuance server asks it. */
    public ClusterApi asked() {
        return new ClusterApi(
                new KubeTokens(client), pods.<PodDirectory>map(it -> it).orElse(PodDirectory.NONE));
    }

    /** What istiod in {@code namespace} signs with. */
    public CacertsSecret cacerts(String namespace) {
        return new CacertsSecret(client, namespace);
    }

    @Override
    public void close() {
        pods.ifPresent(KubePods::close);
        client.close();
        tasks.shutdownNow();
    }

    private static boolean isPrivate(URI server) {
        return "https".equals(server.getScheme())
                || "localhost".equals(server.getHost())
                || server.getHost() != null
                        && LOOPBACK.matcher(server.getHost()).matches();
    }

    private static Config config(Optional<Path> kubeconfig) {
        return bounded(kubeconfig
                .map(file -> Config.fromKubeconfig(readable(file).toFile()))
                .orElseGet(() -> Config.autoConfigure(null)));
    }

    private static Path readable(Path file) {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("kubeconfig: " + file + " (expected: a readable file)");
        }
        return file;
    }

    private static Config bounded(Config found) {
        return new ConfigBuilder(found)
                .withRequestTimeout((int) ANSWER_WITHIN.toMillis())
                .withConnectionTimeout((int) CONNECT_WITHIN.toMillis())
                .withRequestRetryBackoffLimit(0)
                .withOnlyHttpWatches(true)
                .build();
    }
}
