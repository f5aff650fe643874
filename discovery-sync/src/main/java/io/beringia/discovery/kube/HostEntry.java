package io.beringia.discovery.kube;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A WorkloadEntry of Istio at one version, as far as it says who looks after it and how it is. Annotations and condition are
 * those of Istio (istio {@code pilot/pkg/autoregistration}).
 *
 * @param address as it is written
 * @param account empty if it has no identity
 * @param healthy its condition {@code Healthy}
 * @param otherConditions JSON of each, which stays as it is
 */
public record HostEntry(
        ObjectName name,
        String resourceVersion,
        String address,
        String account,
        Map<String, String> annotations,
        Optional<Condition> healthy,
        List<String> otherConditions) {
    /** Whoever has it, with whatever value, is looked after. */
    public static final String CHECKED = "proxy.istio.io/health-checks-enabled";

    /** Which replica has, or had, the stream of its host. */
    public static final String CONTROLLER = "istio.io/workloadController";

    /** When that stream began; not there once it has ended. */
    public static final String CONNECTED_AT = "istio.io/connectedAt";

    /** When it ended. */
    public static final String DISCONNECTED_AT = "istio.io/disconnectedAt";

    /** The type of the condition. */
    public static final String HEALTHY = "Healthy";

    public HostEntry {
        annotations = Map.copyOf(annotations);
        otherConditions = List.copyOf(otherConditions);
    }

    public boolean isChecked() {
        return annotations.containsKey(CHECKED);
    }

    public Optional<String> controller() {
        return Optional.ofNullable(annotations.get(CONTROLLER));
    }

    public Optional<Instant> connectedAt() {
        return instant(CONNECTED_AT);
    }

    public Optional<Instant> disconnectedAt() {
        return instant(DISCONNECTED_AT);
    }

    /** One that nobody can read says nothing. */
    private Optional<Instant> instant(String annotation) {
        try {
            return Optional.ofNullable(annotations.get(annotation)).map(Instant::parse);
        } catch (DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }
}
