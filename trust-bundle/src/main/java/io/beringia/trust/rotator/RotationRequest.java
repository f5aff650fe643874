package io.beringia.trust.rotator;

import io.beringia.trust.rotation.Pace;
import io.beringia.trust.rotator.RotationOrder.Author;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An order as the body of a request has it. */
sealed interface RotationRequest {
    record Wish(RotationOrder order, Author author) implements RotationRequest {}

    record Malformed(String why) implements RotationRequest {}

    JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    List<String> KEYS = List.of("verb", "reason", "by-hand", "plane", "expires", "root", "percent");

    /** {@code now} is from when a duration counts. */
    static RotationRequest parse(byte[] body, String author, Instant now) {
        try {
            JsonNode root = JSON.readTree(body);
            if (!root.isObject()) {
                return new Malformed("body: " + root.getNodeType() + " (expected: an object)");
            }
            Optional<String> stranger = root.propertyNames().stream()
                    .filter(key -> !KEYS.contains(key))
                    .findFirst();
            return stranger.isPresent()
                    ? new Malformed(stranger.get() + ": unknown (expected: one of " + KEYS + ")")
                    : new Wish(order(root, now), new Author(author, reason(text(root, "reason"))));
        } catch (JacksonException noJson) {
            return new Malformed("body: no JSON (expected: an object)");
        } catch (IllegalArgumentException wrong) {
            return new Malformed(String.valueOf(wrong.getMessage()));
        }
    }

    private static RotationOrder order(JsonNode root, Instant now) {
        String verb = text(root, "verb");
        return switch (verb) {
            case "start" -> new RotationOrder.Start(flag(root, "by-hand"));
            case "advance" -> new RotationOrder.Advance();
            case "key-destroyed" -> new RotationOrder.KeyDestroyed();
            case "rollback" -> new RotationOrder.RollBack();
            case "abort" -> new RotationOrder.Abort();
            case "waive" -> new RotationOrder.Waive(text(root, "plane"), expiry(text(root, "expires"), now));
            case "emergency" ->
                new RotationOrder.Emergency(text(root, "root"), new Pace.Urgent(number(root, "percent")));
            case "lead" -> new RotationOrder.TakeLead();
            default ->
                throw new IllegalArgumentException(
                        "verb: unknown (expected: start, advance, key-destroyed, rollback, abort, waive, emergency or"
                                + " lead)");
        };
    }

    private static String reason(String text) {
        boolean isLine = !text.isBlank() && text.chars().noneMatch(Character::isISOControl);
        if (!isLine || text.length() > RotationState.REASON_CHARS_MAX) {
            throw new IllegalArgumentException("reason: " + text.length() + " characters (expected: why, in one line of"
                    + " 1 to " + RotationState.REASON_CHARS_MAX + ")");
        }
        return text.strip();
    }

    private static boolean flag(JsonNode root, String key) {
        JsonNode node = root.path(key);
        if (!node.isBoolean() && !node.isMissingNode()) {
            throw new IllegalArgumentException(key + ": " + node.getNodeType() + " (expected: true or false)");
        }
        return node.booleanValue(false);
    }

    private static int number(JsonNode root, String key) {
        JsonNode node = root.path(key);
        if (!node.isInt()) {
            throw new IllegalArgumentException(key + ": " + node.getNodeType() + " (expected: a whole number)");
        }
        return node.intValue();
    }

    private static String text(JsonNode root, String key) {
        return root.path(key)
                .stringValueOpt()
                .orElseThrow(() -> new IllegalArgumentException(key + ": missing (expected: a text)"));
    }

    private static Instant expiry(String text, Instant now) {
        try {
            return text.endsWith("Z")
                    ? Instant.parse(text)
                    : now.plus(Duration.parse("PT" + text.toUpperCase(Locale.ROOT)));
        } catch (DateTimeParseException | ArithmeticException wrong) {
            throw new IllegalArgumentException(
                    "expires: unreadable (expected: a duration as 90s, 30m, 2h, or a time as 2026-01-31T12:00:00Z)",
                    wrong);
        }
    }
}
