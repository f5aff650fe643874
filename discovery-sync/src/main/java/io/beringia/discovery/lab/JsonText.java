package io.beringia.discovery.lab;

import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** JSON and YAML as trees. Any thread: both readers are immutable. */
final class JsonText {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonText() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** @throws tools.jackson.core.JacksonException if it is not JSON */
    static JsonNode read(String json) {
        return JSON.readTree(json);
    }

    /** One YAML document; JSON is YAML. @throws tools.jackson.core.JacksonException if it is neither */
    static JsonNode readYaml(String yaml) {
        return YAML.readTree(yaml);
    }

    static byte[] write(JsonNode node) {
        return JSON.writeValueAsBytes(node);
    }
}
