package io.beringia.discovery.lab;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a kubelet would write into the status of a pod. Pure. */
final class PodStatus {
    /** The address of a pod of the lab; nothing else gives it one. Several are separated by commas. */
    static final String IP_ANNOTATION = "lab.beringia.io/pod-ip";

    private static final List<String> CONDITIONS = List.of("Initialized", "PodScheduled", "ContainersReady", "Ready");

    private PodStatus() {}

    /** The first address of the annotation, else the one that the status already has. */
    static Optional<String> ip(LabObject pod) {
        return ips(pod).stream().findFirst();
    }

    private static List<String> ips(LabObject pod) {
        String given = pod.annotation(IP_ANNOTATION);
        String text = given.isEmpty() ? pod.json().path("status").path("podIP").asString("") : given;
        return List.of(text.split(",", -1)).stream()
                .map(String::strip)
                .filter(ip -> !ip.isEmpty())
                .toList();
    }

    static boolean isReady(JsonNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asString("").equals("Ready")) {
                return condition.path("status").asString("").equals("True");
            }
        }
        return false;
    }

    /** A strategic merge patch. */
    static ObjectNode patch(LabObject pod, boolean ready, Instant now) {
        ObjectNode patch = JsonText.object();
        ObjectNode status = patch.putObject("status").put("phase", "Running");
        List<String> ips = ips(pod);
        ips.stream().findFirst().ifPresent(ip -> status.put("podIP", ip).put("hostIP", ip));
        ArrayNode all = status.putArray("podIPs");
        ips.forEach(ip -> all.add(JsonText.object().put("ip", ip)));
        ArrayNode conditions = status.putArray("conditions");
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        for (String type : CONDITIONS) {
            boolean holds = ready || !type.endsWith("Ready");
            conditions.add(JsonText.object()
                    .put("type", type)
                    .put("status", holds ? "True" : "False")
                    .put("lastTransitionTime", time));
        }
        return patch;
    }
}
