package io.beringia.discovery.apiserver;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;

/** A Kubernetes API, the lab's or a real one, as tests of both need it. Owned by one test. */
public interface TestApi extends AutoCloseable {
    /** As an administrator; watches come over HTTP, nothing is retried. */
    KubernetesClient client();

    /** What it says to that, as to an administrator. */
    default HttpResponse<String> get(String pathAndQuery) {
        HttpClient http = client().getHttpClient();
        return http.sendAsync(
                        http.newHttpRequestBuilder()
                                .uri(client().getMasterUrl().toString().replaceFirst("/$", "") + pathAndQuery)
                                .build(),
                        String.class)
                .join();
    }

    /** The objects are these: what was held before and is not among them goes. A status is written, too. */
    void hold(String yaml);

    /** A token by which a workload of that account may show itself to that audience. */
    String token(String namespace, String account, String audience);

    /** For a client on this machine. */
    String kubeconfig();

    @Override
    void close();
}
