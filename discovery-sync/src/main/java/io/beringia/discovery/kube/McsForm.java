package io.beringia.discovery.kube;

import static io.beringia.discovery.kube.CompactForm.addresses;
import static io.beringia.discovery.kube.CompactForm.listed;
import static io.beringia.discovery.kube.CompactForm.map;
import static io.beringia.discovery.kube.CompactForm.text;

import io.beringia.discovery.kube.KubeObject.ImportSpec;
import io.beringia.discovery.kube.KubeObject.ServiceExportObject;
import io.beringia.discovery.kube.KubeObject.ServiceImportObject;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.ExportedSlice;
import io.beringia.discovery.merge.McsExport;
import io.beringia.discovery.merge.McsExport.IpFamily;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the Multi-Cluster Services API needs of objects, from fabric8's models. Pure. Whatever an object does not say, or
 * says unreadably, is absent.
 */
final class McsForm {
    /** Ours, in the annotations of an import. */
    static final String OUR_ANNOTATIONS = "multicluster.beringia.io/";

    private McsForm() {}

    /** What an export of the service would say. */
    static McsExport shape(ServiceSpec spec) {
        boolean isHeadless = "None".equals(spec.getClusterIP());
        return new McsExport(
                isHeadless ? McsExport.Type.HEADLESS : McsExport.Type.CLUSTER_SET_IP,
                listed(spec.getPorts()).stream()
                        .flatMap(port -> port(
                                text(port.getName(), ""), port.getProtocol(), port.getPort(), port.getAppProtocol()))
                        .toList(),
                affinity(spec),
                text(spec.getInternalTrafficPolicy(), ""),
                text(spec.getTrafficDistribution(), ""),
                families(spec),
                Map.of(),
                Map.of());
    }

    private static Stream<McsExport.Port> port(
            String name, @Nullable String protocol, @Nullable Integer number, @Nullable String appProtocol) {
        return number == null
                ? Stream.empty()
                : protocol(text(protocol, "TCP")).stream()
                        .map(known -> new McsExport.Port(name, known, number, text(appProtocol, "")));
    }

    private static Optional<Export.Protocol> protocol(String word) {
        return Stream.of(Export.Protocol.values())
                .filter(one -> one.name().equals(word))
                .findFirst();
    }

    private static McsExport.Affinity affinity(ServiceSpec spec) {
        if (!"ClientIP".equals(spec.getSessionAffinity())) {
            return McsExport.Affinity.NONE;
        }
        Integer seconds = spec.getSessionAffinityConfig() == null
                        || spec.getSessionAffinityConfig().getClientIP() == null
                ? null
                : spec.getSessionAffinityConfig().getClientIP().getTimeoutSeconds();
        return new McsExport.Affinity(true, seconds == null ? OptionalInt.empty() : OptionalInt.of(seconds));
    }

    /** A Service that says nothing has those of its addresses. */
    private static List<IpFamily> families(ServiceSpec spec) {
        List<IpFamily> said = families(listed(spec.getIpFamilies()));
        List<IpFamily> ofAddresses = addresses(
                        listed(spec.getClusterIPs()).isEmpty()
                                ? List.of(text(spec.getClusterIP(), ""))
                                : spec.getClusterIPs())
                .stream()
                .map(ip -> ip.isV6() ? IpFamily.IPV6 : IpFamily.IPV4)
                .distinct()
                .toList();
        if (!said.isEmpty()) {
            return said;
        }
        return ofAddresses.isEmpty() ? List.of(IpFamily.IPV4) : ofAddresses;
    }

    private static List<IpFamily> families(List<String> words) {
        return words.stream()
                .flatMap(word ->
                        Stream.of(IpFamily.values()).filter(one -> one.word().equals(word)))
                .toList();
    }

    static ExportedSlice content(EndpointSlice slice) {
        String type = text(slice.getAddressType(), "");
        return new ExportedSlice(
                slice.getMetadata().getName(),
                type.equals(IpFamily.IPV6.word()) ? IpFamily.IPV6 : IpFamily.IPV4,
                listed(slice.getPorts()).stream()
                        .flatMap(port -> port(
                                text(port.getName(), ""), port.getProtocol(), port.getPort(), port.getAppProtocol()))
                        .toList(),
                listed(slice.getEndpoints()).stream()
                        .filter(endpoint -> !type.equals("FQDN"))
                        .map(McsForm::endpoint)
                        .toList());
    }

    /** Unset readiness is ready, unset serving is as ready, unset terminating is not (EndpointSlice, {@code v1}). */
    private static ExportedSlice.Endpoint endpoint(Endpoint endpoint) {
        Optional<EndpointConditions> conditions = Optional.ofNullable(endpoint.getConditions());
        boolean isReady = conditions.map(EndpointConditions::getReady).orElse(true);
        return new ExportedSlice.Endpoint(
                addresses(listed(endpoint.getAddresses())),
                text(endpoint.getHostname(), ""),
                text(endpoint.getZone(), ""),
                isReady,
                conditions.map(EndpointConditions::getServing).orElse(isReady),
                conditions.map(EndpointConditions::getTerminating).orElse(false));
    }

    /** What the slice is if we wrote it. */
    static Optional<ImportedSlice> imported(EndpointSlice slice) {
        Map<String, String> labels = CompactForm.labels(slice);
        if (!labels.getOrDefault(ImportedSlice.MANAGER_LABEL, "").equals(ImportedSlice.MANAGER)) {
            return Optional.empty();
        }
        String owner = listed(slice.getMetadata().getOwnerReferences()).stream()
                .filter(reference -> "ServiceImport".equals(reference.getKind()))
                .findFirst()
                .map(OwnerReference::getUid)
                .orElse("");
        return Optional.of(new ImportedSlice(CompactForm.name(slice), identity(slice), labels, owner, content(slice)));
    }

    static ServiceExportObject export(GenericKubernetesResource object) {
        Map<String, String> annotations = map(object.getMetadata().getAnnotations());
        RawFields spec = RawFields.of(object.get("spec"));
        return new ServiceExportObject(
                CompactForm.name(object),
                identity(object),
                CompactForm.created(object),
                annotations.getOrDefault("beringia.io/export-to", "*"),
                spec.texts("exportedLabels"),
                spec.texts("exportedAnnotations"),
                conditions(object));
    }

    static ServiceImportObject imported(GenericKubernetesResource object) {
        return new ServiceImportObject(
                CompactForm.name(object),
                identity(object),
                CompactForm.labels(object),
                map(object.getMetadata().getAnnotations()),
                spec(RawFields.of(object.get("spec"))),
                RawFields.of(object.get("status"))
                        .objects("clusters")
                        .map(cluster -> cluster.text("cluster"))
                        .sorted()
                        .toList(),
                conditions(object));
    }

    private static ImportSpec spec(RawFields spec) {
        OptionalInt timeout =
                spec.object("sessionAffinityConfig").object("clientIP").number("timeoutSeconds");
        return new ImportSpec(
                spec.text("type").equals(McsExport.Type.HEADLESS.word())
                        ? McsExport.Type.HEADLESS
                        : McsExport.Type.CLUSTER_SET_IP,
                spec.objects("ports")
                        .flatMap(port -> port(
                                port.text("name"),
                                port.text("protocol"),
                                port.number("port").stream().boxed().findFirst().orElse(null),
                                port.text("appProtocol")))
                        .toList(),
                addresses(spec.words("ips")),
                families(spec.words("ipFamilies")),
                new McsExport.Affinity(spec.text("sessionAffinity").equals("ClientIP"), timeout),
                spec.text("internalTrafficPolicy"),
                spec.text("trafficDistribution"));
    }

    static List<Condition> conditions(GenericKubernetesResource object) {
        return RawFields.of(object.get("status"))
                .objects("conditions")
                .map(it -> new Condition(
                        it.text("type"),
                        Stream.of(Condition.Status.values())
                                .filter(status -> status.word().equals(it.text("status")))
                                .findFirst()
                                .orElse(Condition.Status.UNKNOWN),
                        it.text("reason"),
                        it.text("message"),
                        it.number("observedGeneration").orElse(0),
                        instant(it, "lastTransitionTime").orElse(Instant.EPOCH)))
                .toList();
    }

    /** Empty where there is none, or none that can be read. */
    static Optional<Instant> instant(RawFields fields, String name) {
        try {
            return Optional.of(Instant.parse(fields.text(name)));
        } catch (DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }

    static Identity identity(HasMetadata object) {
        Long generation = object.getMetadata().getGeneration();
        return new Identity(
                text(object.getMetadata().getUid(), ""),
                text(object.getMetadata().getResourceVersion(), ""),
                generation == null ? 0 : generation);
    }
}
