package io.beringia.discovery.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Makes clients that know what they are told and nothing else: no kubeconfig of the host, no environment, no in-cluster
 * files, no retries of their own, no WebSocket.
 */
final class KubeClients {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

    private KubeClients() {}

    /** @param answerMax after which a request has failed; a watch may be silent for longer */
    static KubernetesClient connect(Kubeconfig access, Duration answerMax, Executor tasks) {
        return connect(access, answerMax, tasks, http -> {});
    }

    /** @param listening adds whoever listens to what is exchanged */
    static KubernetesClient connect(
            Kubeconfig access, Duration answerMax, Executor tasks, Consumer<HttpClient.Builder> listening) {
        ConfigBuilder config = new ConfigBuilder(Config.empty())
                .withAutoConfigure(false)
                .withMasterUrl(access.server().toString())
                .withOnlyHttpWatches(true)
                .withRequestRetryBackoffLimit(0)
                .withConnectionTimeout((int) min(CONNECT_MAX, answerMax).toMillis())
                .withRequestTimeout((int) answerMax.toMillis());
        if (!access.certificateAuthorityData().isEmpty()) {
            config.withCaCertData(access.certificateAuthorityData());
        }
        if (!access.token().isEmpty()) {
            config.withOauthToken(access.token());
        }
        if (!access.clientCertificateData().isEmpty()) {
            config.withClientCertData(access.clientCertificateData()).withClientKeyData(access.clientKeyData());
        }
        return new KubernetesClientBuilder()
                .withConfig(config.build())
                .withHttpClientFactory(new JdkHttpClientFactory())
                .withHttpClientBuilderConsumer(listening)
                .withTaskExecutor(tasks)
                .build();
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
