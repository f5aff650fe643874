package io.beringia.discovery.lab;

import java.util.Optional;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How a patch changes an object. Pure: the given trees stay as they are. */
enum PatchRules {
    /** RFC 7386. */
    MERGE,
    /** As a merge, but {@code conditions} are merged by their {@code type}; directives ({@code $...}) are dropped. */
    STRATEGIC,
    /** RFC 6902 without {@code move} and {@code copy}. */
    JSON_PATCH;

    /** By media type, whatever its parameters. */
    static Optional<PatchRules> ofMediaType(String type) {
        return switch (type.split(";", 2)[0].strip()) {
            case "application/merge-patch+json" -> Optional.of(MERGE);
            case "application/strategic-merge-patch+json" -> Optional.of(STRATEGIC);
            case "application/json-patch+json" -> Optional.of(JSON_PATCH);
            default -> Optional.empty();
        };
    }

    Result apply(ObjectNode object, JsonNode patch) {
        return switch (this) {
            case MERGE ->
                patch instanceof ObjectNode fields
                        ? new Result.Patched(merge(object, fields))
                        : new Result.Unfit("merge patch: " + patch.getNodeType() + " (expected: an object)");
            case STRATEGIC ->
                patch instanceof ObjectNode fields
                        ? new Result.Patched(strategic(object, fields))
                        : new Result.Unfit("strategic merge patch: " + patch.getNodeType() + " (expected: an object)");
            case JSON_PATCH -> operations(object, patch);
        };
    }

    static ObjectNode merge(ObjectNode object, ObjectNode patch) {
        ObjectNode merged = object.deepCopy();
        patch.properties().forEach(field -> {
            String name = field.getKey();
            if (field.getValue().isNull()) {
                merged.remove(name);
            } else if (field.getValue() instanceof ObjectNode fields) {
                merged.set(name, merge(objectIn(merged, name), fields));
            } else {
                merged.set(name, field.getValue().deepCopy());
            }
        });
        return merged;
    }

    /** The object without what {@code before} said and {@code now} says no longer; lists are one thing. */
    static ObjectNode without(ObjectNode object, ObjectNode before, ObjectNode now) {
        ObjectNode left = object.deepCopy();
        before.properties().forEach(field -> {
            String name = field.getKey();
            if (!now.has(name) && !field.getValue().isObject()) {
                left.remove(name);
            } else if (field.getValue() instanceof ObjectNode fields && left.path(name) instanceof ObjectNode inner) {
                left.set(name, without(inner, fields, objectIn(now, name)));
            }
        });
        return left;
    }

    private static ObjectNode strategic(ObjectNode object, ObjectNode patch) {
        ObjectNode merged = object.deepCopy();
        patch.properties().forEach(field -> {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (name.startsWith("$")) {
                return;
            }
            if (value.isNull()) {
                merged.remove(name);
            } else if (value instanceof ObjectNode fields) {
                merged.set(name, strategic(objectIn(merged, name), fields));
            } else if (name.equals("conditions") && value instanceof ArrayNode conditions) {
                merged.set(name, byType(merged.path(name), conditions));
            } else {
                merged.set(name, value.deepCopy());
            }
        });
        return merged;
    }

    private static ObjectNode objectIn(ObjectNode parent, String name) {
        return parent.path(name) instanceof ObjectNode child ? child : JsonText.object();
    }

    private static ArrayNode byType(JsonNode old, ArrayNode patch) {
        ArrayNode merged = patch.arrayNode();
        old.forEach(condition -> merged.add(condition.deepCopy()));
        for (JsonNode condition : patch) {
            int at = indexOfType(merged, condition.path("type").asString(""));
            if (at < 0) {
                merged.add(condition.deepCopy());
            } else if (merged.get(at) instanceof ObjectNode known && condition instanceof ObjectNode fields) {
                merged.set(at, merge(known, fields));
            }
        }
        return merged;
    }

    private static int indexOfType(ArrayNode conditions, String type) {
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.path(i).path("type").asString("").equals(type)) {
                return i;
            }
        }
        return -1;
    }

    private static Result operations(ObjectNode object, JsonNode patch) {
        ObjectNode patched = object.deepCopy();
        for (JsonNode operation : patch) {
            Optional<String> unfit = operate(patched, operation);
            if (unfit.isPresent()) {
                return new Result.Unfit(unfit.get());
            }
        }
        return new Result.Patched(patched);
    }

    /** What is wrong with it, if it cannot be done. */
    private static Optional<String> operate(ObjectNode patched, JsonNode operation) {
        String path = operation.path("path").asString("");
        String op = operation.path("op").asString("");
        if (!path.startsWith("/")) {
            return Optional.of("json patch: path \"" + path + "\" (expected: a JSON pointer below the root)");
        }
        JsonPointer pointer = JsonPointer.compile(path);
        JsonNode parent = patched.at(pointer.head());
        JsonPointer last = pointer.last();
        JsonNode value = operation.path("value").deepCopy();
        boolean done = switch (op) {
            case "test" -> patched.at(pointer).equals(value);
            case "add" -> add(parent, last, value);
            case "replace" -> !patched.at(pointer).isMissingNode() && replace(parent, last, value);
            case "remove" -> !patched.at(pointer).isMissingNode() && remove(parent, last);
            default -> false;
        };
        return done
                ? Optional.empty()
                : Optional.of("json patch: " + op + " " + path
                        + " (expected: add, replace, remove or test of what is there)");
    }

    private static boolean add(JsonNode parent, JsonPointer last, JsonNode value) {
        return switch (parent) {
            case ObjectNode object -> {
                object.set(last.getMatchingProperty(), value);
                yield true;
            }
            case ArrayNode array -> {
                int at = last.getMatchingProperty().equals("-") ? array.size() : last.getMatchingIndex();
                if (at < 0 || at > array.size()) {
                    yield false;
                }
                array.insert(at, value);
                yield true;
            }
            default -> false;
        };
    }

    private static boolean replace(JsonNode parent, JsonPointer last, JsonNode value) {
        return switch (parent) {
            case ObjectNode object -> {
                object.set(last.getMatchingProperty(), value);
                yield true;
            }
            case ArrayNode array -> {
                array.set(last.getMatchingIndex(), value);
                yield true;
            }
            default -> false;
        };
    }

    private static boolean remove(JsonNode parent, JsonPointer last) {
        return switch (parent) {
            case ObjectNode object -> {
                object.remove(last.getMatchingProperty());
                yield true;
            }
            case ArrayNode array -> {
                array.remove(last.getMatchingIndex());
                yield true;
            }
            default -> false;
        };
    }

    /** What came of a patch. */
    sealed interface Result {
        record Patched(ObjectNode json) implements Result {}

        record Unfit(String why) implements Result {}
    }
}
