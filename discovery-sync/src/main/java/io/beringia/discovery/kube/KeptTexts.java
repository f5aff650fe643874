package io.beringia.discovery.kube;

import java.util.Map;

/**
 * A ConfigMap.
 *
 * @param resourceVersion empty for one that is not stored yet
 */
public record KeptTexts(String resourceVersion, Map<String, String> data) {
    public KeptTexts {
        data = Map.copyOf(data);
    }
}
