package io.beringia.failover.record;

import io.beringia.discovery.catalog.PlanOverride;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.wire.EvidenceCodec;
import io.beringia.discovery.wire.PlanCodec;
import io.beringia.failover.decision.Arrivals;
import io.beringia.failover.decision.FailoverPolicy;
import io.beringia.failover.decision.FailoverTiming;
import io.beringia.failover.decision.Fence;
import io.beringia.failover.decision.Inputs;
import io.beringia.failover.decision.Memory;
import io.beringia.failover.decision.Question;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.failover.health.Sites;
import io.beringia.trust.identity.SpiffeId;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Between a decision and its JSON: values as texts, plans and evidence as the bytes that travel, in base64. */
final class DecisionJson {
    private static final int FORMAT = 1;

    private DecisionJson() {}

    static byte[] write(DecisionFile file) {
        Inputs inputs = file.basis().inputs();
        ObjectNode json = object();
        json.put("format", FORMAT);
        json.set("asked", question(file.basis().question()));
        json.put("now", inputs.now().toString());
        json.put("published", inputs.published().toString());
        json.set("fence", fence(inputs.fence()));
        json.set("policy", policy(inputs.policy()));
        json.set("memory", memory(inputs.memory()));
        ArrayNode evidence = json.putArray("evidence");
        inputs.evidence()
                .forEach(site -> evidence.addObject()
                        .put("held", site.held().toString())
                        .put("bytes", EvidenceCodec.bytes(site.evidence())));
        json.put("before", PlanCodec.unsigned(inputs.plan()));
        json.put("written", PlanCodec.unsigned(file.written()));
        return JsonMapper.shared().writeValueAsBytes(json);
    }

    static DecisionFile read(byte[] bytes) {
        try {
            JsonNode json = JsonMapper.shared().readTree(bytes);
            if (json.path("format").asInt(0) != FORMAT) {
                throw new IllegalArgumentException(
                        "decision: format " + json.path("format") + " (expected: " + FORMAT + ")");
            }
            Inputs inputs = new Inputs(
                    PlanCodec.read(json.path("before").binaryValue()),
                    version(text(json, "published")),
                    json.path("evidence").valueStream().map(DecisionJson::site).toList(),
                    memory(json.path("memory")),
                    new Fence(
                            Duration.parse(text(json.path("fence"), "left")),
                            Duration.parse(text(json.path("fence"), "needed"))),
                    policy(json.path("policy")),
                    Instant.parse(text(json, "now")));
            return new DecisionFile(
                    new DecisionBasis(inputs, question(json.path("asked"))),
                    PlanCodec.read(json.path("written").binaryValue()));
        } catch (JacksonException | DateTimeException broken) {
            throw new IllegalArgumentException(
                    "decision: " + bytes.length + " bytes (expected: a recorded decision)", broken);
        }
    }

    private static ObjectNode question(Question question) {
        ObjectNode json = object();
        return switch (question) {
            case Question.Decide _ -> json.put("kind", "decide");
            case Question.Renew _ -> json.put("kind", "renew");
            case Question.TakeOver _ -> json.put("kind", "take-over");
            case Question.Obey obey -> {
                PlanOverride wish = obey.wish();
                json.put("kind", "obey")
                        .put("id", wish.id())
                        .put("verb", wish.verb().name());
                wish.region().ifPresent(region -> json.put("region", region.name()));
                wish.service().ifPresent(service -> json.put("service", service.toString()));
                json.put("actor", wish.actor().toString()).put("reason", wish.reason());
                json.put("expires", wish.expires().toString());
                wish.rules().forEach(json.putArray("rules")::add);
                yield json;
            }
        };
    }

    private static Question question(JsonNode json) {
        return switch (text(json, "kind")) {
            case "decide" -> new Question.Decide();
            case "renew" -> new Question.Renew();
            case "take-over" -> new Question.TakeOver();
            case "obey" ->
                new Question.Obey(new PlanOverride(
                        text(json, "id"),
                        PlanOverride.Verb.valueOf(text(json, "verb")),
                        maybe(json, "region").map(RegionId::new),
                        maybe(json, "service").map(ServiceName::parse),
                        SpiffeId.parse(text(json, "actor")),
                        text(json, "reason"),
                        Instant.parse(text(json, "expires")),
                        texts(json.path("rules"))));
            default -> throw new IllegalArgumentException("asked: " + json.path("kind") + " (expected: a known kind)");
        };
    }

    private static ObjectNode fence(Fence fence) {
        return object().put("left", fence.left().toString())
                .put("needed", fence.needed().toString());
    }

    private static ObjectNode policy(FailoverPolicy policy) {
        ObjectNode json = object();
        names(policy.sites().regions()).forEach(json.putArray("regions")::add);
        names(policy.sites().witnesses()).forEach(json.putArray("witnesses")::add);
        json.put("timing", policy.timing().divisor());
        json.put("failback", policy.failback().name().toLowerCase(Locale.ROOT));
        ObjectNode tiers = json.putObject("tiers");
        policy.tiers().forEach((source, all) -> {
            ArrayNode of = tiers.putArray(source.name());
            all.forEach(tier -> names(tier).forEach(of.addArray()::add));
        });
        names(policy.switchedOff()).forEach(json.putArray("switchedOff")::add);
        return json.put("evacuationsMax", policy.evacuationsMax())
                .put("slo", policy.slo().toString())
                .put("policySkew", policy.skew().name().toLowerCase(Locale.ROOT));
    }

    private static FailoverPolicy policy(JsonNode json) {
        return new FailoverPolicy(
                new Sites(regions(json.path("regions")), regions(json.path("witnesses"))),
                new FailoverTiming(json.path("timing").asInt(1)),
                FailoverPolicy.Failback.valueOf(text(json, "failback").toUpperCase(Locale.ROOT)),
                byRegion(
                        json.path("tiers"),
                        tiers -> tiers.valueStream().map(DecisionJson::regions).toList()),
                regions(json.path("switchedOff")),
                json.path("evacuationsMax").asInt(0),
                Duration.parse(text(json, "slo")),
                maybe(json, "policySkew")
                        .map(text -> FailoverPolicy.Skew.valueOf(text.toUpperCase(Locale.ROOT)))
                        .orElse(FailoverPolicy.Skew.WARN));
    }

    private static ObjectNode memory(Memory memory) {
        ObjectNode json = object();
        json.put("leaderSince", memory.leaderSince().toString());
        ObjectNode healthy = json.putObject("healthySince");
        memory.healthySince().forEach((region, since) -> healthy.put(region.name(), since.toString()));
        ArrayNode evacuations = json.putArray("evacuations");
        memory.evacuations().forEach(at -> evacuations.add(at.toString()));
        ObjectNode arrivals = json.putObject("arrivals");
        memory.arrivals().steps().forEach((region, step) -> {
            ObjectNode one = arrivals.putObject(region.name());
            one.put("since", step.since().toString()).put("gained", step.gained());
            ObjectNode counters = one.putObject("counters");
            step.counters().forEach(counters::put);
        });
        json.set("trials", TrialsJson.write(memory.trials()));
        return json;
    }

    private static Memory memory(JsonNode json) {
        return new Memory(
                Instant.parse(text(json, "leaderSince")),
                byRegion(json.path("healthySince"), since -> Instant.parse(since.asString())),
                texts(json.path("evacuations")).stream().map(Instant::parse).toList(),
                new Arrivals(byRegion(json.path("arrivals"), DecisionJson::step)),
                TrialsJson.read(json.path("trials")));
    }

    private static Arrivals.Step step(JsonNode json) {
        SortedMap<String, Long> counters = new TreeMap<>();
        json.path("counters")
                .propertyStream()
                .forEach(one -> counters.put(one.getKey(), one.getValue().asLong()));
        return new Arrivals.Step(
                Instant.parse(text(json, "since")),
                counters,
                json.path("gained").asLong());
    }

    private static SiteEvidence site(JsonNode json) {
        return new SiteEvidence(
                EvidenceCodec.read(json.path("bytes").binaryValue()), Duration.parse(text(json, "held")));
    }

    private static <T> SortedMap<RegionId, T> byRegion(JsonNode json, Function<JsonNode, T> value) {
        SortedMap<RegionId, T> all = new TreeMap<>();
        for (Map.Entry<String, JsonNode> one : json.properties()) {
            all.put(new RegionId(one.getKey()), value.apply(one.getValue()));
        }
        return all;
    }

    private static List<String> names(List<RegionId> regions) {
        return regions.stream().map(RegionId::name).toList();
    }

    private static List<RegionId> regions(JsonNode json) {
        return texts(json).stream().map(RegionId::new).toList();
    }

    private static List<String> texts(JsonNode json) {
        return json.valueStream().map(JsonNode::asString).toList();
    }

    private static PlanVersion version(String text) {
        String[] parts = text.split("\\.", -1);
        return new PlanVersion(Long.parseUnsignedLong(parts[0]), Long.parseUnsignedLong(parts[1]));
    }

    private static String text(JsonNode json, String key) {
        return maybe(json, key).orElseThrow(() -> new IllegalArgumentException(key + ": missing (expected: a text)"));
    }

    private static Optional<String> maybe(JsonNode json, String key) {
        return json.path(key).stringValueOpt();
    }

    private static ObjectNode object() {
        return JsonMapper.shared().createObjectNode();
    }
}
