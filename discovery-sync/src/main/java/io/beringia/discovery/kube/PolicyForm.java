package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.kube.KubeObject.AuthorizationPolicyObject;
import io.beringia.discovery.kube.KubeObject.PeerAuthenticationObject;
import io.beringia.discovery.kube.KubeObject.PeerAuthenticationObject.Mode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Istio's policies, from fabric8's models (istio/api {@code security/v1}). Pure. What cannot be read is read strictly. */
final class PolicyForm {
    private static final String DRY_RUN_ANNOTATION = "istio.io/dry-run";

    /** As Go reads a boolean. */
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "True", "TRUE");

    private static final Set<String> FALSE = Set.of("", "0", "f", "F", "false", "False", "FALSE");

    private PolicyForm() {}

    static AuthorizationPolicyObject policy(GenericKubernetesResource object) {
        RawFields spec = RawFields.of(object.get("spec"));
        String dryRun = CompactForm.map(object.getMetadata().getAnnotations()).getOrDefault(DRY_RUN_ANNOTATION, "");
        return new AuthorizationPolicyObject(
                CompactForm.name(object), selector(spec), reading(CompactForm.name(object), spec, dryRun));
    }

    private static Map<String, String> selector(RawFields spec) {
        return spec.object("selector").texts("matchLabels");
    }

    private static PolicyReading reading(ObjectName name, RawFields spec, String dryRun) {
        if (spec.has("targetRef") || spec.elements("targetRefs").findAny().isPresent()) {
            return new PolicyReading.ForWaypoints();
        }
        String action = spec.text("action");
        return switch (action) {
            case "", "ALLOW" -> enforced(name, spec, Policy.Action.ALLOW, dryRun, List.of());
            case "DENY" -> enforced(name, spec, Policy.Action.DENY, dryRun, List.of());
            case "AUDIT" -> new PolicyReading.NotEnforced("action AUDIT: layer 4 keeps no record by it");
            default ->
                enforced(
                        name,
                        spec,
                        Policy.Action.DENY,
                        dryRun,
                        List.of("action " + action + ": nobody is asked at layer 4, what it covers is denied"));
        };
    }

    private static PolicyReading enforced(
            ObjectName name, RawFields spec, Policy.Action action, String dryRun, List<String> remarks) {
        PolicyRuleReader reader = new PolicyRuleReader(name.namespace(), action);
        List<Policy.Rule> rules = reader.rules(spec);
        List<String> all = new ArrayList<>(remarks);
        all.addAll(reader.remarks());
        if (!TRUE.contains(dryRun) && !FALSE.contains(dryRun)) {
            all.add(DRY_RUN_ANNOTATION + " \"" + dryRun + "\" (expected: true or false), so it is enforced");
        }
        return new PolicyReading.Enforced(action, rules, TRUE.contains(dryRun), all);
    }

    static PeerAuthenticationObject peerAuthentication(GenericKubernetesResource object) {
        RawFields spec = RawFields.of(object.get("spec"));
        RawFields ports = spec.object("portLevelMtls");
        Map<Integer, Mode> modes = new HashMap<>();
        for (String port : ports.names()) {
            PolicyRuleReader.port(port).ifPresent(number -> modes.put(number, mode(ports.object(port))));
        }
        boolean isReadable = modes.size() == ports.names().size();
        return new PeerAuthenticationObject(
                CompactForm.name(object),
                CompactForm.created(object),
                selector(spec),
                isReadable ? mode(spec.object("mtls")) : Mode.STRICT,
                isReadable ? modes : Map.of());
    }

    private static Mode mode(RawFields mtls) {
        return switch (mtls.text("mode")) {
            case "", "UNSET" -> Mode.INHERITED;
            case "PERMISSIVE", "DISABLE" -> Mode.OPEN;
            default -> Mode.STRICT;
        };
    }
}
