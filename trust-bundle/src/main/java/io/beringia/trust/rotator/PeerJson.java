package io.beringia.trust.rotator;

import io.beringia.trust.rotation.RootId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;

/**
 * What trust roles say to one another, as JSON: a call {@code {"claim": "EPOCH CLUSTER"}} or {@code {"order": STATE}}, with
 * the state as its store has it, and the answer with what is seen, a record an object. Pure; whatever is read is whole, or
 * refused by {@link IllegalArgumentException}.
 */
final class PeerJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .addModule(roots())
            .build();

    private PeerJson() {}

    /** A {@link PeerReport}; its state as text. */
    private record Written(String cluster, Instant at, String state, Sight sight) {}

    static byte[] write(PeerCall call) {
        ObjectNode json = JSON.createObjectNode();
        switch (call) {
            case PeerCall.Claim(Lead lead) -> json.put("claim", lead.toString());
            case PeerCall.Order(RotationState state) -> json.put("order", RotationText.write(state));
        }
        return octets(json);
    }

    static PeerCall call(byte[] body) {
        JsonNode json = tree(body);
        if (json.has("claim") == json.has("order")) {
            throw new IllegalArgumentException("call: neither or both (expected: claim or order)");
        }
        return json.has("claim")
                ? new PeerCall.Claim(Lead.parse(text(json, "claim")))
                : new PeerCall.Order(state(text(json, "order")));
    }

    static JsonNode write(PeerReply reply) {
        ObjectNode json = JSON.createObjectNode();
        switch (reply) {
            case PeerReply.Agreed(PeerReport report) ->
                json.put("outcome", "agreed")
                        .set(
                                "report",
                                JSON.valueToTree(new Written(
                                        report.cluster(),
                                        report.at(),
                                        RotationText.write(report.state()),
                                        report.sight())));
            case PeerReply.Refused(PeerRefusal why, String detail, Lead lead) ->
                json.put("outcome", "refused")
                        .put("why", why.word())
                        .put("detail", detail)
                        .put("lead", lead.toString());
            case PeerReply.Failed(String why) -> json.put("outcome", "failed").put("detail", why);
        }
        return json;
    }

    static PeerReply reply(byte[] body) {
        JsonNode json = tree(body);
        return switch (text(json, "outcome")) {
            case "agreed" -> new PeerReply.Agreed(report(json.path("report")));
            case "refused" ->
                new PeerReply.Refused(refusal(text(json, "why")), text(json, "detail"), Lead.parse(text(json, "lead")));
            case "failed" -> new PeerReply.Failed(text(json, "detail"));
            default -> throw new IllegalArgumentException("outcome: unknown (expected: agreed, refused or failed)");
        };
    }

    private static PeerReport report(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("report: " + json.getNodeType() + " (expected: an object)");
        }
        try {
            Written written = JSON.treeToValue(json, Written.class);
            return new PeerReport(written.cluster(), written.at(), state(written.state()), written.sight());
        } catch (JacksonException wrong) {
            throw new IllegalArgumentException("report: not whole (expected: all that is seen of a cluster)", wrong);
        }
    }

    private static PeerRefusal refusal(String word) {
        return Arrays.stream(PeerRefusal.values())
                .filter(one -> one.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("why: unknown (expected: one of ours)"));
    }

    private static RotationState state(String text) {
        return RotationText.read(text);
    }

    private static JsonNode tree(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException noJson) {
            throw new IllegalArgumentException("body: no JSON (expected: an object)", noJson);
        }
    }

    private static String text(JsonNode json, String key) {
        return json.path(key)
                .stringValueOpt()
                .orElseThrow(() -> new IllegalArgumentException(key + ": missing (expected: a text)"));
    }

    private static byte[] octets(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A root by all digits of its digest, as a value and as the name of one. */
    private static SimpleModule roots() {
        return new SimpleModule()
                .addSerializer(RootId.class, new ValueSerializer<>() {
                    @Override
                    public void serialize(RootId root, JsonGenerator to, SerializationContext context) {
                        to.writeString(root.sha256());
                    }
                })
                .addKeySerializer(RootId.class, new ValueSerializer<>() {
                    @Override
                    public void serialize(RootId root, JsonGenerator to, SerializationContext context) {
                        to.writeName(root.sha256());
                    }
                })
                .addDeserializer(RootId.class, new ValueDeserializer<>() {
                    @Override
                    public RootId deserialize(JsonParser from, DeserializationContext context) {
                        return new RootId(from.getValueAsString(""));
                    }
                })
                .addKeyDeserializer(RootId.class, new KeyDeserializer() {
                    @Override
                    public Object deserializeKey(String key, DeserializationContext context) {
                        return new RootId(key);
                    }
                });
    }
}
