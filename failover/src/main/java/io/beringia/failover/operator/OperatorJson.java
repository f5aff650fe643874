package io.beringia.failover.operator;

import io.beringia.discovery.catalog.Overlay;
import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.RegionEvidence;
import io.beringia.discovery.catalog.RegionEvidence.Heartbeat;
import io.beringia.discovery.catalog.RegionEvidence.ObserverReport;
import io.beringia.discovery.catalog.RegionEvidence.PathReport;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.RegionPlan;
import io.beringia.discovery.catalog.Shares.Share;
import io.beringia.discovery.catalog.SourceShares;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.failover.decision.Decision;
import io.beringia.failover.decision.Guard;
import io.beringia.failover.health.SiteEvidence;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How candidates show themselves in JSON. Epochs are texts, since they fill 64 bits. */
final class OperatorJson {
    private OperatorJson() {}

    static ObjectNode object() {
        return JsonMapper.shared().createObjectNode();
    }

    static ObjectNode status(RegionsStatus status) {
        ObjectNode json = object();
        json.put("site", status.site().name());
        json.put("mode", status.mode());
        json.put("leading", status.leading().isPresent());
        json.set("outlook", OutlookJson.outlook(Outlook.of(status)));
        status.notes().forEach(json.putArray("notes")::add);
        status.leading().ifPresent(view -> lead(json, view, status));
        ArrayNode evidence = json.putArray("evidence");
        status.evidence().forEach(site -> evidence.add(site(site)));
        status.unheard().stream().map(RegionId::name).forEach(json.putArray("unheard")::add);
        return json;
    }

    /** Rows by source, each by destination, in ten-thousandths. */
    static ObjectNode rows(TrafficPlan plan) {
        ObjectNode rows = object();
        for (SourceShares row : plan.defaults()) {
            ObjectNode shares = rows.putObject(row.source().name());
            for (Share share : row.shares().parts()) {
                shares.put(share.region().name(), share.tenThousandths());
            }
        }
        return rows;
    }

    private static void lead(ObjectNode json, LeaderView view, RegionsStatus status) {
        TrafficPlan plan = view.plan();
        json.put("mesh", plan.mesh());
        json.put("epoch", Long.toUnsignedString(plan.version().epoch()));
        json.put("seq", Long.toUnsignedString(plan.version().seq()));
        json.put("leader", plan.leader().toString());
        json.put("leaseLeftMillis", view.fence().left().toMillis());
        json.put("fenced", view.fence().holds());
        json.put("decision", decision(view.decision()));
        ArrayNode regions = json.putArray("regions");
        plan.regions().forEach(region -> regions.add(region(region, view)));
        json.set("services", ServiceJson.services(view));
        json.set("homes", Homes.json(view));
        json.set("shares", rows(plan));
        json.set("laggards", OutlookJson.laggards(status, plan.version()));
        ArrayNode overrides = json.putArray("overrides");
        plan.overrides().forEach(one -> overrides.add(override(one)));
    }

    private static String decision(Decision decision) {
        return switch (decision) {
            case Decision.Hold hold -> "hold: " + hold.reason();
            case Decision.Move move -> move.text() + ": " + move.reason();
            case Decision.Steer steer -> steer.text() + ": " + steer.reason();
            case Decision.Settle settle -> settle.text() + ": " + settle.reason();
        };
    }

    private static ObjectNode region(RegionPlan region, LeaderView view) {
        ObjectNode json = object();
        RegionId name = region.region();
        json.put("region", name.name());
        json.put("state", region.phase().name());
        json.put("ramp", region.ramp());
        view.overlays(region).stream().map(Overlay::name).forEach(json.putArray("overlays")::add);
        json.put("since", region.since().toString());
        json.put("reason", region.reason());
        json.put("penalty", region.penalty());
        if (view.verdicts().containsKey(name)) {
            json.put("verdict", view.verdicts().get(name).text());
        }
        json.set("guards", rules(view.objections().getOrDefault(name, List.of())));
        json.set("warnings", rules(view.warnings().getOrDefault(name, List.of())));
        return json;
    }

    static ArrayNode rules(List<Guard.Verdict.Blocked> all) {
        ArrayNode rules = JsonMapper.shared().createArrayNode();
        all.forEach(one -> rules.add(guard(one)));
        return rules;
    }

    private static ObjectNode guard(Guard.Verdict.Blocked blocked) {
        return object().put("rule", blocked.rule().name()).put("detail", blocked.detail());
    }

    private static ObjectNode override(PlanOverride override) {
        ObjectNode json = object();
        json.put("verb", override.verb().name());
        json.put("region", override.region().map(RegionId::name).orElse("*"));
        override.service().ifPresent(service -> json.put("service", service.toString()));
        json.put("actor", override.actor().toString());
        json.put("reason", override.reason());
        json.put("expires", override.expires().toString());
        override.rules().forEach(json.putArray("rules")::add);
        return json;
    }

    private static ObjectNode site(SiteEvidence site) {
        RegionEvidence evidence = site.evidence();
        ObjectNode json = object();
        json.put("site", evidence.site().name());
        json.put("ageMillis", site.held().toMillis());
        json.put("acceptedPlan", evidence.proxies().accepted().toString());
        json.put("proxies", evidence.proxies().connected());
        json.put("acknowledged", evidence.proxies().acknowledged());
        json.set("tunnels", tunnels(evidence));
        ArrayNode observers = json.putArray("observers");
        evidence.observers().forEach(observer -> observers.add(observer(observer, site.held())));
        ArrayNode heartbeats = json.putArray("heartbeats");
        evidence.heartbeats().forEach(beat -> heartbeats.add(heartbeat(beat, site.held())));
        return json;
    }

    /** What the site's gateways carry now, by the region in which it ends. */
    private static ObjectNode tunnels(RegionEvidence evidence) {
        SortedMap<String, Long> open = new TreeMap<>();
        evidence.observers().stream()
                .flatMap(one -> one.tunnels().stream())
                .forEach(one -> open.merge(one.to().name(), one.open(), Long::sum));
        ObjectNode json = object();
        open.forEach(json::put);
        return json;
    }

    private static ObjectNode observer(ObserverReport observer, Duration held) {
        ObjectNode json = object();
        json.put("observer", observer.observer());
        json.put("ageMillis", observer.age().plus(held).toMillis());
        json.put("localHealth", observer.localHealth());
        json.put("controlProbeOk", observer.isControlProbeOk());
        ArrayNode paths = json.putArray("paths");
        observer.paths().forEach(path -> paths.add(path(path)));
        return json;
    }

    private static ObjectNode path(PathReport path) {
        ObjectNode json = object();
        json.put("region", path.target().name());
        json.put("state", path.state().name());
        json.put("silenceMillis", path.silence().toMillis());
        json.put("roundTripMillis", path.roundTrip().toMillis());
        json.put("refused", path.isRefusedEverywhere());
        ArrayNode troubles = json.putArray("troubles");
        path.troubles()
                .forEach(one -> troubles.add(object().put("gateway", one.gateway())
                        .put("trouble", one.trouble().name())));
        return json;
    }

    private static ObjectNode heartbeat(Heartbeat beat, Duration held) {
        return object().put("from", beat.from().name())
                .put("ageMillis", beat.age().plus(held).toMillis());
    }
}
