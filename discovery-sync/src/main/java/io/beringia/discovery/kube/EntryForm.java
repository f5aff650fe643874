package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.Locality;
import io.beringia.discovery.kube.KubeObject.ServiceEntryObject;
import io.beringia.discovery.kube.KubeObject.ServiceEntryObject.Resolution;
import io.beringia.discovery.kube.KubeObject.WorkloadEntryObject;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Istio's ServiceEntry and WorkloadEntry (istio/api {@code networking/v1}), from fabric8's models. Pure. Whatever an object
 * does not say, or says unreadably, is absent.
 */
final class EntryForm {
    private static final int PORT_MAX = 65_535;
    private static final long WEIGHT_MAX = 1_000_000;

    private EntryForm() {}

    /** Labels of the object win over those of its spec. */
    static WorkloadEntryObject workload(GenericKubernetesResource object) {
        RawFields spec = RawFields.of(object.get("spec"));
        Map<String, String> labels = new HashMap<>(spec.texts("labels"));
        labels.putAll(CompactForm.labels(object));
        return new WorkloadEntryObject(
                CompactForm.name(object), labels, CompactForm.annotations(object), endpoint(spec), health(object));
    }

    /** With health checks it is unhealthy until somebody says otherwise. */
    private static Health health(GenericKubernetesResource object) {
        boolean isChecked = CompactForm.map(object.getMetadata().getAnnotations())
                .getOrDefault(HostEntry.CHECKED, "")
                .equals("true");
        Optional<Condition.Status> said = healthy(object).map(Condition::status);
        boolean isHealthy = said.map(status -> status == Condition.Status.TRUE).orElse(!isChecked);
        return isHealthy ? Health.HEALTHY : Health.UNHEALTHY;
    }

    private static Optional<Condition> healthy(GenericKubernetesResource object) {
        return McsForm.conditions(object).stream()
                .filter(condition -> condition.type().equals(HostEntry.HEALTHY))
                .findFirst();
    }

    /** @param json writes what was read */
    static HostEntry host(GenericKubernetesResource object, Function<Object, String> json) {
        RawFields spec = RawFields.of(object.get("spec"));
        return new HostEntry(
                CompactForm.name(object),
                object.getMetadata().getResourceVersion(),
                spec.text("address"),
                spec.text("serviceAccount"),
                CompactForm.map(object.getMetadata().getAnnotations()),
                healthy(object),
                RawFields.of(object.get("status"))
                        .objects("conditions")
                        .filter(condition -> !condition.text("type").equals(HostEntry.HEALTHY))
                        .map(condition -> json.apply(condition.all()))
                        .toList());
    }

    static ServiceEntryObject service(GenericKubernetesResource object) {
        RawFields spec = RawFields.of(object.get("spec"));
        return new ServiceEntryObject(
                CompactForm.name(object),
                CompactForm.labels(object),
                CompactForm.annotations(object),
                CompactForm.created(object),
                spec.words("hosts").stream()
                        .filter(host -> !host.isEmpty())
                        .distinct()
                        .toList(),
                CompactForm.addresses(spec.words("addresses")),
                allocated(object),
                spec.objects("ports").flatMap(EntryForm::port).toList(),
                resolution(spec.text("resolution")),
                spec.object("workloadSelector").texts("labels"),
                spec.objects("endpoints").map(EntryForm::endpoint).toList(),
                spec.words("subjectAltNames"),
                spec.words("exportTo").equals(List.of(".")));
    }

    /** What Istio gave to hosts that have no address of their own. */
    private static Map<String, List<String>> allocated(GenericKubernetesResource object) {
        return RawFields.of(object.get("status"))
                .objects("addresses")
                .filter(address -> !address.text("host").isEmpty())
                .collect(Collectors.groupingBy(
                        address -> address.text("host"),
                        Collectors.mapping(address -> address.text("value"), Collectors.toList())));
    }

    private static Stream<ServiceEntryObject.Port> port(RawFields port) {
        int number = port.number("number").orElse(0);
        int target = port.number("targetPort").orElse(number);
        return isPort(number) && !port.text("protocol").equalsIgnoreCase("UDP")
                ? Stream.of(new ServiceEntryObject.Port(port.text("name"), number, isPort(target) ? target : number))
                : Stream.empty();
    }

    private static boolean isPort(int number) {
        return number > 0 && number <= PORT_MAX;
    }

    private static Resolution resolution(String word) {
        return switch (word) {
            case "STATIC" -> Resolution.STATIC;
            case "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS" -> Resolution.DNS;
            default -> Resolution.NONE;
        };
    }

    private static ServiceEntryObject.Endpoint endpoint(RawFields spec) {
        Map<String, Integer> ports = new HashMap<>();
        RawFields said = spec.object("ports");
        said.names()
                .forEach(name -> said.number(name).stream()
                        .filter(EntryForm::isPort)
                        .forEach(number -> ports.put(name, number)));
        String[] locality = (spec.text("locality") + "///").split("/", -1);
        return new ServiceEntryObject.Endpoint(
                spec.text("address"),
                ports,
                spec.texts("labels"),
                spec.text("network"),
                new Locality(locality[0], locality[1], locality[2]),
                Math.clamp(spec.number("weight").orElse(1), 1L, WEIGHT_MAX),
                spec.text("serviceAccount"));
    }
}
