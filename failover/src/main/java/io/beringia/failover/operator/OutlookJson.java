package io.beringia.failover.operator;

import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionEvidence.Proxies;
import io.beringia.failover.health.SiteEvidence;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What matters first, in JSON. */
final class OutlookJson {
    private OutlookJson() {}

    static ObjectNode outlook(Outlook outlook) {
        ObjectNode json = OperatorJson.object().put("level", outlook.level().name());
        ArrayNode lines = json.putArray("lines");
        outlook.lines().forEach(line -> lines.add(line(line)));
        return json;
    }

    private static ObjectNode line(Outlook.Line line) {
        ObjectNode json = OperatorJson.object();
        json.put("level", line.level().name());
        json.put("subject", line.subject());
        json.put("says", line.says());
        json.put("why", line.why());
        line.since().ifPresent(since -> json.put("since", since.toString()));
        return json;
    }

    /** Sites that do not follow the plan yet, or whose proxies do not. */
    static ArrayNode laggards(RegionsStatus status, PlanVersion plan) {
        ArrayNode laggards = JsonMapper.shared().createArrayNode();
        status.evidence().stream()
                .filter(site -> isBehind(site.evidence().proxies(), plan))
                .forEach(site -> laggards.add(laggard(site)));
        return laggards;
    }

    private static boolean isBehind(Proxies proxies, PlanVersion plan) {
        return proxies.accepted().compareTo(plan) < 0 || proxies.acknowledged() < proxies.connected();
    }

    private static ObjectNode laggard(SiteEvidence site) {
        Proxies proxies = site.evidence().proxies();
        return OperatorJson.object()
                .put("site", site.evidence().site().name())
                .put("acceptedPlan", proxies.accepted().toString())
                .put("behind", proxies.connected() - proxies.acknowledged())
                .put("proxies", proxies.connected());
    }
}
