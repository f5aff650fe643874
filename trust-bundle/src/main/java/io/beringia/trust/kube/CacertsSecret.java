package io.beringia.trust.kube;

import io.beringia.trust.authority.CacertsChange;
import io.beringia.trust.authority.CacertsChange.Existing;
import io.beringia.trust.authority.PlugInCa;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The Secret from which istiod has its CA. Written whole in one request, never deleted and made anew: an istiod that finds
 * none makes itself a root of its own. Any thread.
 */
public final class CacertsSecret {
    static final String NAME = "cacerts";
    private static final String GENERATION = "beringia.io/generation";
    private static final String CHECKSUM = "sha256.beringia.io/";
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private final KubernetesClient client;
    private final String namespace;

    CacertsSecret(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** Empty where there is none. Throws {@link KubernetesClientException} where the API server does not say. */
    public Optional<Existing> read() {
        return Optional.ofNullable(resource().get())
                .map(secret -> new Existing(
                        texts(secret),
                        recorded(secret),
                        secret.getMetadata().getResourceVersion(),
                        Boolean.TRUE.equals(secret.getImmutable())));
    }

    /** True where every istiod in the namespace takes several roots; true where there is no istiod yet. */
    public boolean isMultiRoot() {
        List<Deployment> all = client.apps()
                .deployments()
                .inNamespace(namespace)
                .withLabel("app", "istiod")
                .list()
                .getItems();
        return all.stream().allMatch(CacertsSecret::isMultiRoot);
    }

    private static boolean isMultiRoot(Deployment istiod) {
        return istiod.getSpec().getTemplate().getSpec().getContainers().stream()
                .flatMap(container -> container.getEnv().stream())
                .filter(each -> each.getName().equals("ISTIO_MULTIROOT_MESH"))
                .map(EnvVar::getValue)
                .anyMatch("true"::equals);
    }

    /**
     * Does what was decided and reads it back. Throws {@link IllegalStateException} where somebody else was faster, or
     * where something else stands there afterwards, {@link IllegalArgumentException} where it was decided to refuse, {@link
     * KubernetesClientException} where the API server refuses otherwise.
     */
    public void write(CacertsChange change, PlugInCa wanted) {
        try {
            switch (change) {
                case CacertsChange.Create create ->
                    client.resource(manifest(wanted, namespace, 1)).create();
                case CacertsChange.Replace replace -> replace(replace, wanted);
                case CacertsChange.Rest rest -> {}
                case CacertsChange.Refuse refuse -> throw new IllegalArgumentException(refuse.why());
            }
        } catch (KubernetesClientException refused) {
            if (refused.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                throw new IllegalStateException(
                        "cacerts: somebody else changed it meanwhile (expected: one writer; look at it and run this again)",
                        refused);
            }
            throw refused;
        }
        if (read().filter(it -> it.files().equals(wanted.files())).isEmpty()) {
            throw new IllegalStateException("cacerts: something else stands there now (expected: what was written)");
        }
    }

    /** Names and labels that others gave it stay, what {@code kubectl} remembers of it goes: that holds the old key. */
    private void replace(CacertsChange.Replace change, PlugInCa wanted) {
        Secret found = Optional.ofNullable(resource().get())
                .orElseThrow(() -> new IllegalStateException(
                        "cacerts: deleted meanwhile (expected: one writer; istiod must never find none)"));
        Map<String, String> annotations = annotations(found);
        annotations.keySet().removeIf(name -> name.startsWith(CHECKSUM) || name.equals(LAST_APPLIED));
        annotations.putAll(marks(wanted, generation(found) + 1));
        client.resource(new SecretBuilder(found)
                        .editMetadata()
                        .withAnnotations(annotations)
                        .endMetadata()
                        .withData(encoded(wanted.files()))
                        .build())
                .lockResourceVersion(change.resourceVersion())
                .update();
    }

    private static long generation(Secret secret) {
        String text = annotations(secret).getOrDefault(GENERATION, "0");
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    private static Map<String, String> recorded(Secret secret) {
        Map<String, String> recorded = new TreeMap<>();
        annotations(secret).forEach((name, sum) -> {
            if (name.startsWith(CHECKSUM)) {
                recorded.put(name.substring(CHECKSUM.length()), sum);
            }
        });
        return recorded;
    }

    private static Map<String, String> annotations(Secret secret) {
        return new TreeMap<>(
                Optional.ofNullable(secret.getMetadata().getAnnotations()).orElseGet(Map::of));
    }

    private Resource<Secret> resource() {
        return client.secrets().inNamespace(namespace).withName(NAME);
    }

    /** A manifest for {@code kubectl apply}; holds the key. */
    public static String yaml(PlugInCa wanted, String namespace) {
        return Serialization.asYaml(manifest(wanted, namespace, 1));
    }

    /** With the SHA-256 of each file, by which drift is seen. */
    static Secret manifest(PlugInCa wanted, String namespace, long generation) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .withAnnotations(marks(wanted, generation))
                .endMetadata()
                .withType("Opaque")
                .withData(encoded(wanted.files()))
                .build();
    }

    private static Map<String, String> marks(PlugInCa wanted, long generation) {
        Map<String, String> marks = new TreeMap<>();
        wanted.checksums().forEach((name, sum) -> marks.put(CHECKSUM + name, sum));
        marks.put(GENERATION, Long.toString(generation));
        return marks;
    }

    private static Map<String, String> encoded(Map<String, String> files) {
        Map<String, String> data = new TreeMap<>();
        files.forEach((name, text) ->
                data.put(name, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII))));
        return data;
    }

    private static Map<String, String> texts(Secret secret) {
        Map<String, String> texts = new TreeMap<>();
        Optional.ofNullable(secret.getData())
                .orElseGet(Map::of)
                .forEach((name, data) ->
                        texts.put(name, new String(Base64.getDecoder().decode(data), StandardCharsets.US_ASCII)));
        return texts;
    }
}
