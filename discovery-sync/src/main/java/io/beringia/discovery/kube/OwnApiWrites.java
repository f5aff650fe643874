package io.beringia.discovery.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Writes to our own API, each once and in its turn; whoever asks decides whether to ask again. Any thread, one at a time; it
 * waits for the answer.
 */
public final class OwnApiWrites implements AutoCloseable {
    private static final String MANAGER = "beringia-discovery";
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final PatchContext MERGING = PatchContext.of(PatchType.JSON_MERGE);
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNFIT = 422;

    private final ExecutorService tasks = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("api-write-", 0).factory());
    private final KubernetesClient client;
    private final String namespace;
    private final Map<CustomKind, String> versions = new HashMap<>();

    /** @param namespace of leases and ledgers: our own */
    public OwnApiWrites(Kubeconfig access, String namespace) {
        this.client = KubeClients.connect(access, ANSWER_MAX, tasks);
        this.namespace = namespace;
    }

    public ApiAnswer write(ApiWrite write) {
        ApiAnswer answer = answered(() -> {
            switch (write) {
                case ApiWrite.ApplyImport it -> apply(custom(CustomKind.SERVICE_IMPORT, McsJson.of(it, imports())));
                case ApiWrite.ApplyImportStatus it ->
                    applyStatus(custom(CustomKind.SERVICE_IMPORT, McsJson.of(it, imports())));
                case ApiWrite.ApplyExportStatus it ->
                    applyStatus(
                            custom(CustomKind.SERVICE_EXPORT, McsJson.of(it, apiVersion(CustomKind.SERVICE_EXPORT))));
                case ApiWrite.ApplyPolicyStatus it ->
                    applyStatus(custom(CustomKind.EXPORT_POLICY, McsJson.of(it, apiVersion(CustomKind.EXPORT_POLICY))));
                case ApiWrite.ApplyPeerStatus it ->
                    applyStatus(custom(CustomKind.PEER_CLUSTER, McsJson.of(it, apiVersion(CustomKind.PEER_CLUSTER))));
                case ApiWrite.ApplySlice it ->
                    apply(client.discovery()
                            .v1()
                            .endpointSlices()
                            .resource(read(McsJson.of(it, imports()), EndpointSlice.class)));
                case ApiWrite.DeleteImport it -> delete(at(CustomKind.SERVICE_IMPORT, it.name()), it.seen());
                case ApiWrite.DeleteSlice it -> delete(slice(it.name()), it.seen());
            }
        });
        if (answer instanceof ApiAnswer.Outdated) {
            versions.clear();
        }
        return answer;
    }

    private Resource<GenericKubernetesResource> custom(CustomKind kind, String json) {
        return client.genericKubernetesResources(kind.at(version(kind)))
                .resource(read(json, GenericKubernetesResource.class));
    }

    private <T> T read(String json, Class<T> type) {
        return client.getKubernetesSerialization().unmarshal(json, type);
    }

    private String imports() {
        return apiVersion(CustomKind.SERVICE_IMPORT);
    }

    private Resource<GenericKubernetesResource> at(CustomKind kind, ObjectName name) {
        return client.genericKubernetesResources(kind.at(version(kind)))
                .inNamespace(name.namespace())
                .withName(name.name());
    }

    private String apiVersion(CustomKind kind) {
        return kind.group() + "/" + version(kind);
    }

    /** The first of those that are served, asked for once, and again after a write that met nothing. */
    private String version(CustomKind kind) {
        return versions.computeIfAbsent(kind, one -> CustomVersions.served(client, one));
    }

    private Resource<EndpointSlice> slice(ObjectName name) {
        return client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(name.namespace())
                .withName(name.name());
    }

    private static void apply(Resource<? extends HasMetadata> what) {
        var _ = what.patch(applying());
    }

    private static void applyStatus(Resource<? extends HasMetadata> what) {
        var _ = what.subresource("status").patch(applying());
    }

    /** What of it others own and we want is ours. */
    private static PatchContext applying() {
        return new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(MANAGER)
                .withForce(true)
                .build();
    }

    /** A version is of one object only, so that the one which came after it under the same name stays. */
    private static void delete(Resource<? extends HasMetadata> which, Identity seen) {
        var _ = which.lockResourceVersion(seen.resourceVersion()).delete();
    }

    private static ApiAnswer answered(Runnable write) {
        try {
            write.run();
            return new ApiAnswer.Done();
        } catch (KubernetesClientException refused) {
            String why = refused.getCode() == 0
                    ? "the API does not answer: " + refused.getMessage()
                    : "status " + refused.getCode() + ": " + refused.getMessage();
            return switch (refused.getCode()) {
                case CONFLICT, NOT_FOUND -> new ApiAnswer.Outdated(why);
                case BAD_REQUEST, FORBIDDEN, UNFIT -> new ApiAnswer.Refused(why);
                default -> new ApiAnswer.Failed(why);
            };
        }
    }

    /** A WorkloadEntry. Empty where there is none; {@link ApiUnreachable} where nobody says. */
    public Optional<HostEntry> entry(ObjectName name) {
        return asked(() ->
                Optional.ofNullable(at(CustomKind.WORKLOAD_ENTRY, name).get()).map(this::host));
    }

    /** All WorkloadEntries; {@link ApiUnreachable} where nobody says. */
    public List<HostEntry> entries() {
        return asked(() -> client
                .genericKubernetesResources(CustomKind.WORKLOAD_ENTRY.at(version(CustomKind.WORKLOAD_ENTRY)))
                .inAnyNamespace()
                .list()
                .getItems()
                .stream()
                .map(this::host)
                .toList());
    }

    private HostEntry host(GenericKubernetesResource object) {
        return EntryForm.host(object, client.getKubernetesSerialization()::asJson);
    }

    /** Only while it is of that version. */
    public ApiAnswer write(HostEntry seen, EntryChange change) {
        return answered(() -> {
            Resource<GenericKubernetesResource> entry = at(CustomKind.WORKLOAD_ENTRY, seen.name());
            var _ = switch (change) {
                case EntryChange.Annotate it -> entry.patch(MERGING, EntryJson.of(seen, it));
                case EntryChange.Say it -> entry.subresource("status").patch(MERGING, EntryJson.of(seen, it));
            };
        });
    }

    /** Empty where there is none; {@link ApiUnreachable} where nobody says. */
    public Optional<LeaseObject> lease(String name) {
        return asked(() -> Optional.ofNullable(
                        client.leases().inNamespace(namespace).withName(name).get())
                .map(OwnApiWrites::lease));
    }

    private static LeaseObject lease(Lease it) {
        var spec = it.getSpec();
        Integer seconds = spec == null ? null : spec.getLeaseDurationSeconds();
        Integer transitions = spec == null ? null : spec.getLeaseTransitions();
        ZonedDateTime renewed = spec == null ? null : spec.getRenewTime();
        return new LeaseObject(
                it.getMetadata().getResourceVersion(),
                spec == null || spec.getHolderIdentity() == null ? "" : spec.getHolderIdentity(),
                Duration.ofSeconds(seconds == null ? 0 : seconds),
                renewed == null ? Instant.EPOCH : renewed.toInstant(),
                transitions == null ? 0 : transitions);
    }

    /** Only while it is of that version; one without version is made. */
    public ApiAnswer put(String name, LeaseObject lease) {
        Lease made = new LeaseBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withResourceVersion(lease.resourceVersion().isEmpty() ? null : lease.resourceVersion())
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(lease.holder())
                .withLeaseDurationSeconds((int) lease.duration().toSeconds())
                .withRenewTime(lease.renewed().atZone(ZoneOffset.UTC))
                .withLeaseTransitions((int) lease.transitions())
                .endSpec()
                .build();
        return put(client.leases().inNamespace(namespace).resource(made), lease.resourceVersion());
    }

    /** Empty where there is none; {@link ApiUnreachable} where nobody says. */
    public Optional<KeptTexts> texts(String name) {
        return asked(() -> Optional.ofNullable(client.configMaps()
                        .inNamespace(namespace)
                        .withName(name)
                        .get())
                .map(it -> new KeptTexts(
                        it.getMetadata().getResourceVersion(), it.getData() == null ? Map.of() : it.getData())));
    }

    /** Only while it is of that version; one without version is made. */
    public ApiAnswer put(String name, KeptTexts texts) {
        ConfigMap made = new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withResourceVersion(texts.resourceVersion().isEmpty() ? null : texts.resourceVersion())
                .endMetadata()
                .withData(texts.data())
                .build();
        return put(client.configMaps().inNamespace(namespace).resource(made), texts.resourceVersion());
    }

    private static ApiAnswer put(Resource<? extends HasMetadata> made, String version) {
        return answered(() -> {
            var _ = version.isEmpty() ? made.create() : made.update();
        });
    }

    private static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (KubernetesClientException silent) {
            throw new ApiUnreachable(silent);
        }
    }

    @Override
    public void close() {
        client.close();
        tasks.shutdownNow();
    }
}
