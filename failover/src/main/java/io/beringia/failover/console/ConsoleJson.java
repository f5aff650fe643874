package io.beringia.failover.console;

import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A picture in JSON: the status as the operator API answers it, and what happened. */
final class ConsoleJson {
    /** More rows than anybody reads at once; whoever is not well comes first. */
    static final int SERVICES_MAX = 200;

    private static final String HEALTHY = "HEALTHY";

    private ConsoleJson() {}

    static ObjectNode picture(ConsoleView view) {
        ObjectNode json = object();
        json.put("at", view.at().toString());
        ObjectNode status = view.status().asJson();
        shorten(status);
        json.set("status", status);
        ArrayNode timeline = json.putArray("timeline");
        view.timeline().forEach(entry -> timeline.add(entry(entry)));
        view.drill().ifPresent(drill -> json.set("drill", drill(drill)));
        return json;
    }

    private static void shorten(ObjectNode status) {
        List<JsonNode> services = status.path("services").valueStream().toList();
        if (services.size() <= SERVICES_MAX) {
            return;
        }
        ArrayNode first = status.putArray("services");
        services.stream()
                .sorted(Comparator.comparing(one -> one.path("state").asString().equals(HEALTHY)))
                .limit(SERVICES_MAX)
                .forEach(first::add);
        status.put("servicesLeftOut", services.size() - SERVICES_MAX);
    }

    private static ObjectNode entry(Timeline.Entry entry) {
        return object().put("at", entry.at().toString())
                .put("plan", entry.plan())
                .put("kind", entry.kind().name())
                .put("subject", entry.subject())
                .put("what", entry.what())
                .put("why", entry.why());
    }

    private static ObjectNode drill(RunningDrill drill) {
        return object().put("drill", drill.drill())
                .put("hypothesis", drill.hypothesis())
                .put("chapter", drill.chapter())
                .put("fault", drill.fault())
                .put("since", drill.since());
    }

    private static ObjectNode object() {
        return JsonMapper.shared().createObjectNode();
    }
}
