package io.beringia.discovery.apiserver;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real API server, and what a test wrote there in place of kubelets and controllers. */
public final class KubeApi implements TestApi {
    private static final int UNPROCESSABLE = 422;

    /** A definition is served some hundred milliseconds after it was written. */
    private static final long SERVED_SECONDS_MAX = 30;

    private final KubeApiServer server;
    private List<GenericKubernetesResource> held = List.of();

    public KubeApi(KubeApiServer server) {
        this.server = server;
    }

    @Override
    public KubernetesClient client() {
        return server.client();
    }

    @Override
    public void hold(String yaml) {
        List<GenericKubernetesResource> wanted = new ArrayList<>();
        for (String document : yaml.split("(?m)^---$", -1)) {
            if (!document.isBlank()) {
                wanted.add(client().getKubernetesSerialization().unmarshal(document, GenericKubernetesResource.class));
            }
        }
        namespaces(wanted).forEach(this::make);
        wanted.forEach(this::apply);
        held.stream()
                .filter(old -> wanted.stream().noneMatch(one -> place(one).equals(place(old))))
                .forEach(gone -> client().resource(gone).delete());
        held = List.copyOf(wanted);
    }

    /** A status is neither made by nor left to anybody else: there is no kubelet. */
    private void apply(GenericKubernetesResource wanted) {
        Object status = wanted.getAdditionalProperties().get("status");
        try {
            var _ = client().resource(wanted).patch(applying());
        } catch (KubernetesClientException refused) {
            if (refused.getCode() != UNPROCESSABLE) {
                throw refused;
            }
            var _ = client().resource(wanted).delete();
            var _ = client().resource(wanted).patch(applying());
        }
        if (status != null) {
            var _ = client().resource(wanted).subresource("status").patch(applying());
        }
        if (wanted.getKind().equals("CustomResourceDefinition")) {
            var _ = client().resource(wanted)
                    .waitUntilCondition(KubeApi::isServed, SERVED_SECONDS_MAX, TimeUnit.SECONDS);
        }
    }

    private static boolean isServed(@Nullable GenericKubernetesResource definition) {
        return definition != null
                && definition.get("status", "conditions") instanceof List<?> conditions
                && conditions.stream().anyMatch(one -> one.toString().contains("Established"));
    }

    private static PatchContext applying() {
        return new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("test")
                .withForce(true)
                .build();
    }

    private static Stream<String> namespaces(List<GenericKubernetesResource> of) {
        return of.stream()
                .flatMap(one -> Optional.ofNullable(one.getMetadata().getNamespace()).stream())
                .distinct();
    }

    private void make(String namespace) {
        if (client().namespaces().withName(namespace).get() == null) {
            var _ = client().resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .build())
                    .create();
        }
    }

    private static List<String> place(HasMetadata of) {
        return List.of(
                of.getKind(),
                Optional.ofNullable(of.getMetadata().getNamespace()).orElse(""),
                of.getMetadata().getName());
    }

    @Override
    public String token(String namespace, String account, String audience) {
        var accounts = client().serviceAccounts().inNamespace(namespace);
        if (accounts.withName(account).get() == null) {
            var _ = accounts.resource(new ServiceAccountBuilder()
                            .withNewMetadata()
                            .withName(account)
                            .endMetadata()
                            .build())
                    .create();
        }
        TokenRequest request = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(audience)
                .withExpirationSeconds(3_600L)
                .endSpec()
                .build();
        return accounts.withName(account).tokenRequest(request).getStatus().getToken();
    }

    @Override
    public String kubeconfig() {
        return server.kubeconfig();
    }

    /** Its server is closed by whoever started it. */
    @Override
    public void close() {}
}
