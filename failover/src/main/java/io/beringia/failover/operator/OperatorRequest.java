package io.beringia.failover.operator;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.failover.decision.SafetyRule;
import io.beringia.failover.operator.OperatorCommand.Order;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The body of a request, read: all that is wrong with it is told at once. */
sealed interface OperatorRequest {
    /** @param isDryRun only the answer is wanted */
    record Wish(OperatorCommand command, boolean isDryRun) implements OperatorRequest {}

    record Malformed(String why) implements OperatorRequest {}

    /** @param now from which a duration counts */
    static OperatorRequest parse(byte[] body, SpiffeId author, Instant now) {
        try {
            JsonNode root = Reading.JSON.readTree(body);
            return root.isObject()
                    ? new Reading(root, author, now).request()
                    : new Malformed("body: " + root.getNodeType() + " (expected: an object)");
        } catch (JacksonException noJson) {
            return new Malformed("body: no JSON (expected: an object)");
        }
    }

    /** One body while it is read; keeps what is wrong. Owned by the thread that reads. */
    final class Reading {
        private static final JsonMapper JSON = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();

        private static final List<String> KEYS =
                List.of("verb", "region", "service", "reason", "expires", "override-rules", "dry-run");

        private final JsonNode root;
        private final SpiffeId author;
        private final Instant now;
        private final List<String> problems = new ArrayList<>();

        private Reading(JsonNode root, SpiffeId author, Instant now) {
            this.root = root;
            this.author = author;
            this.now = now;
        }

        private OperatorRequest request() {
            root.propertyNames().stream()
                    .filter(key -> !KEYS.contains(key))
                    .forEach(key -> problems.add(key + ": unknown (expected: one of " + KEYS + ")"));
            Order order = new Order(
                    author,
                    required("reason", Reading::reason).orElse("none"),
                    required("expires", text -> expiry(text, now)).orElse(now),
                    rules());
            Optional<RegionId> region = text("region").flatMap(it -> parsed("region", it, RegionId::new));
            Optional<OperatorCommand> command =
                    required("verb", Function.identity()).flatMap(verb -> command(verb, region, service(verb), order));
            boolean isDryRun = flag("dry-run");
            return problems.isEmpty() && command.isPresent()
                    ? new Wish(command.get(), isDryRun)
                    : new Malformed(String.join("; ", problems));
        }

        private Optional<OperatorCommand> command(
                String verb, Optional<RegionId> region, Optional<ServiceName> service, Order order) {
            return switch (verb) {
                case "evacuate" -> of(region, one -> new OperatorCommand.Evacuate(one, service, order));
                case "restore" -> of(region, one -> new OperatorCommand.Restore(one, service, order));
                case "drain" -> of(region, one -> new OperatorCommand.Drain(one, service, order));
                case "freeze" -> Optional.of(new OperatorCommand.Freeze(region, order));
                default -> {
                    problems.add("verb: \"" + verb + "\" (expected: evacuate, restore, drain or freeze)");
                    yield Optional.empty();
                }
            };
        }

        private Optional<ServiceName> service(String verb) {
            if (verb.equals("freeze") && root.has("service")) {
                problems.add("service: of a freeze (expected: only with evacuate, restore or drain)");
            }
            return text("service").flatMap(this::named);
        }

        private Optional<ServiceName> named(String text) {
            try {
                return Optional.of(ServiceName.parse(text));
            } catch (IllegalArgumentException wrong) {
                problems.add(wrong.getMessage());
                return Optional.empty();
            }
        }

        private Optional<OperatorCommand> of(Optional<RegionId> region, Function<RegionId, OperatorCommand> command) {
            if (region.isEmpty() && !root.has("region")) {
                problems.add("region: missing (expected: the name of a region)");
            }
            return region.map(command);
        }

        private List<String> rules() {
            JsonNode rules = root.path("override-rules");
            if (!rules.isArray() && !rules.isMissingNode()) {
                problems.add("override-rules: " + rules.getNodeType() + " (expected: a list)");
            }
            return rules.valueStream()
                    .map(JsonNode::asString)
                    .flatMap(name -> parsed("override-rules", name, Reading::rule).stream())
                    .toList();
        }

        private boolean flag(String key) {
            JsonNode node = root.path(key);
            if (!node.isBoolean() && !node.isMissingNode()) {
                problems.add(key + ": " + node.getNodeType() + " (expected: true or false)");
            }
            return node.booleanValue(false);
        }

        private <T> Optional<T> required(String key, Function<String, T> parser) {
            if (!root.has(key)) {
                problems.add(key + ": missing (expected: a text)");
            }
            return text(key).flatMap(text -> parsed(key, text, parser));
        }

        private Optional<String> text(String key) {
            JsonNode node = root.path(key);
            if (!node.isString() && !node.isMissingNode()) {
                problems.add(key + ": " + node.getNodeType() + " (expected: a text)");
            }
            return node.stringValueOpt();
        }

        private <T> Optional<T> parsed(String key, String text, Function<String, T> parser) {
            try {
                return Optional.of(parser.apply(text));
            } catch (IllegalArgumentException wrong) {
                problems.add(key + ": " + wrong.getMessage());
                return Optional.empty();
            }
        }

        private static String reason(String text) {
            if (text.isBlank() || text.length() > Order.REASON_CHARACTERS_MAX) {
                throw new IllegalArgumentException(text.length() + " characters (expected: why, in 1 to "
                        + Order.REASON_CHARACTERS_MAX + " of them)");
            }
            return text;
        }

        private static Instant expiry(String text, Instant now) {
            try {
                return text.endsWith("Z")
                        ? Instant.parse(text)
                        : now.plus(Duration.parse("PT" + text.toUpperCase(Locale.ROOT)));
            } catch (DateTimeParseException | ArithmeticException wrong) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" (expected: a duration as 90s, 30m, 2h, or a time as 2026-01-31T12:00:00Z)",
                        wrong);
            }
        }

        private static String rule(String name) {
            Set<String> waivable = Set.copyOf(Arrays.stream(SafetyRule.values())
                    .filter(SafetyRule::isWaivable)
                    .map(Enum::name)
                    .toList());
            if (!waivable.contains(name)) {
                throw new IllegalArgumentException("\"" + name + "\" (expected: one of "
                        + waivable.stream().sorted().toList() + ")");
            }
            return name;
        }
    }
}
