package io.beringia.discovery.kube;

import io.beringia.discovery.kube.KubeObject.GatewayClassObject;
import io.beringia.discovery.kube.KubeObject.GatewayObject;
import io.beringia.discovery.kube.KubeObject.GatewayObject.Admits;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;

/** Kinds of the Gateway API (gateway.networking.k8s.io), from fabric8's models. Pure. */
final class WaypointForm {
    private WaypointForm() {}

    static GatewayObject gateway(GenericKubernetesResource object) {
        RawFields spec = RawFields.of(object.get("spec"));
        List<RawFields> addresses =
                RawFields.of(object.get("status")).objects("addresses").toList();
        return new GatewayObject(
                CompactForm.name(object),
                CompactForm.labels(object),
                binding(object),
                spec.text("gatewayClassName"),
                values(addresses, "Hostname"),
                CompactForm.addresses(values(addresses, "IPAddress")),
                spec.objects("listeners").map(WaypointForm::listener).toList());
    }

    static GatewayClassObject gatewayClass(GenericKubernetesResource object) {
        return new GatewayClassObject(CompactForm.name(object), CompactForm.labels(object), binding(object));
    }

    private static String binding(GenericKubernetesResource object) {
        return CompactForm.map(object.getMetadata().getAnnotations())
                .getOrDefault(WorkloadRules.BINDING_ANNOTATION, "");
    }

    private static List<String> values(List<RawFields> addresses, String type) {
        return addresses.stream()
                .filter(address -> address.text("type").equals(type))
                .map(address -> address.text("value"))
                .filter(value -> !value.isEmpty())
                .toList();
    }

    private static GatewayObject.Listener listener(RawFields listener) {
        return new GatewayObject.Listener(
                listener.text("protocol"),
                listener.number("port").orElse(0),
                admits(listener.object("allowedRoutes").object("namespaces")));
    }

    /** A selector by expressions is not read: it admits nobody. */
    private static Admits admits(RawFields namespaces) {
        RawFields selector = namespaces.object("selector");
        return switch (namespaces.text("from")) {
            case "All" -> new Admits.All();
            case "Selector" ->
                selector.elements("matchExpressions").findAny().isPresent()
                        ? new Admits.Nobody()
                        : new Admits.Labelled(selector.texts("matchLabels"));
            default -> new Admits.Same();
        };
    }
}
