package io.beringia.failover.operator;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.ServicePlan;
import io.beringia.discovery.catalog.Shares;
import io.beringia.failover.health.ServiceSight;
import io.beringia.failover.health.ServiceVerdict;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How services stand in regions, in JSON: those of which anything is known. */
final class ServiceJson {
    private ServiceJson() {}

    static ArrayNode services(LeaderView view) {
        ArrayNode services = JsonMapper.shared().createArrayNode();
        view.services().forEach((service, sight) -> {
            for (RegionPlan region : view.plan().regions()) {
                Optional<ServicePlan.State> state =
                        view.plan().service(service).flatMap(one -> one.state(region.region()));
                ServiceVerdict verdict = sight.in(region.region()).verdict();
                if (state.isPresent() || !(verdict instanceof ServiceVerdict.Unknown)) {
                    services.add(service(service, region.region(), state, sight));
                }
            }
        });
        return services;
    }

    private static ObjectNode service(
            ServiceName service, RegionId region, Optional<ServicePlan.State> state, ServiceSight sight) {
        ObjectNode json = OperatorJson.object();
        json.put("service", service.toString());
        json.put("region", region.name());
        json.put(
                "state",
                state.map(ServicePlan.State::phase)
                        .orElse(ServicePlan.Phase.HEALTHY)
                        .name());
        json.put("keeps", state.map(it -> it.phase().grade()).orElse(Shares.WHOLE));
        state.ifPresent(it -> json.put("since", it.since().toString())
                .put("reason", it.reason())
                .put("penalty", it.penalty()));
        return json.put("verdict", sight.in(region).verdict().text());
    }
}
