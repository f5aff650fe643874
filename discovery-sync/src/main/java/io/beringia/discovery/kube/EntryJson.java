package io.beringia.discovery.kube;

import java.util.TreeMap;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a merge patch (RFC 7386) says of a WorkloadEntry, of one version of it only. Pure. */
final class EntryJson {
    private static final ObjectMapper JSON = JsonMapper.shared();

    private EntryJson() {}

    static String of(HostEntry seen, EntryChange.Annotate it) {
        ObjectNode patch = ofVersion(seen);
        ObjectNode annotations = patch.withObjectProperty("metadata").putObject("annotations");
        new TreeMap<>(it.set()).forEach(annotations::put);
        it.removed().forEach(annotations::putNull);
        return patch.toString();
    }

    /** A list is one thing to a merge patch, so the others' conditions are said again. */
    static String of(HostEntry seen, EntryChange.Say it) {
        ObjectNode patch = ofVersion(seen);
        ArrayNode conditions = patch.putObject("status").putArray("conditions");
        seen.otherConditions().forEach(other -> conditions.add(JSON.readTree(other)));
        Condition condition = it.condition();
        conditions
                .addObject()
                .put("type", condition.type())
                .put("status", condition.status().word())
                .put("reason", condition.reason())
                .put("message", condition.message())
                .put("lastProbeTime", it.probedAt().toString())
                .put("lastTransitionTime", condition.since().toString());
        return patch.toString();
    }

    private static ObjectNode ofVersion(HostEntry seen) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").put("resourceVersion", seen.resourceVersion());
        return patch;
    }
}
