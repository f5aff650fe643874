package io.beringia.discovery.lab;

import io.beringia.discovery.wire.ProbeQuestion;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How to ask one container whether it is ready (Kubernetes {@code core/v1 Probe}).
 *
 * @param every between two probes; the manifest says whole seconds, the pod's annotation {@value #PERIOD_ANNOTATION} less
 */
record ReadinessProbe(
        ProbeQuestion question, Duration every, Duration timeout, int successThreshold, int failureThreshold) {
    static final String PERIOD_ANNOTATION = "lab.beringia.io/probe-period-millis";

    /** One per container that has a probe; a container whose probe the lab cannot ask (exec, grpc) has none. */
    static List<ReadinessProbe> of(LabObject pod, String podIp) {
        List<ReadinessProbe> probes = new ArrayList<>();
        for (JsonNode container : pod.json().path("spec").path("containers")) {
            JsonNode probe = container.path("readinessProbe");
            question(container, probe, podIp).ifPresent(question -> probes.add(of(pod, probe, question)));
        }
        return probes;
    }

    private static ReadinessProbe of(LabObject pod, JsonNode probe, ProbeQuestion question) {
        String millis = pod.annotation(PERIOD_ANNOTATION);
        Duration every = millis.isEmpty()
                ? Duration.ofSeconds(probe.path("periodSeconds").asInt(10))
                : Duration.ofMillis(Long.parseLong(millis));
        return new ReadinessProbe(
                question,
                every,
                Duration.ofSeconds(probe.path("timeoutSeconds").asInt(1)),
                probe.path("successThreshold").asInt(1),
                probe.path("failureThreshold").asInt(3));
    }

    private static Optional<ProbeQuestion> question(JsonNode container, JsonNode probe, String podIp) {
        JsonNode tcp = probe.path("tcpSocket");
        JsonNode http = probe.path("httpGet");
        if (tcp.isObject()) {
            return port(container, tcp.path("port"))
                    .map(port -> new ProbeQuestion.Tcp(tcp.path("host").asString(podIp), port));
        }
        if (http.isObject()) {
            String path = http.path("path").asString("/");
            return port(container, http.path("port"))
                    .map(port -> new ProbeQuestion.Http(
                            URI.create("http://" + bracketed(http.path("host").asString(podIp)) + ":" + port + path)));
        }
        return Optional.empty();
    }

    private static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** A number, or the name of a port of the container. */
    private static Optional<Integer> port(JsonNode container, JsonNode port) {
        if (port.isNumber()) {
            return Optional.of(port.asInt(0));
        }
        for (JsonNode one : container.path("ports")) {
            if (one.path("name").asString("").equals(port.asString(""))) {
                return Optional.of(one.path("containerPort").asInt(0));
            }
        }
        return Optional.empty();
    }
}
