package io.beringia.discovery.lab;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers every request but watches. Any thread: it holds nothing of its own. */
final class ApiRequests {
    private static final int OK = 200;
    private static final int CREATED = 201;

    private final LabStore store;
    private final Map<String, LabToken> tokens;

    ApiRequests(LabStore store, Map<String, LabToken> tokens) {
        this.store = store;
        this.tokens = Map.copyOf(tokens);
    }

    /** @param query of the URL, each parameter once */
    record Request(String method, ApiPath path, Map<String, String> query, String contentType, String body) {
        Optional<String> parameter(String name) {
            return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** What is sent back. */
    record Response(int status, JsonNode json) {
        static Response refused(Refusal why, String message) {
            return new Response(
                    why.status(),
                    JsonText.object()
                            .put("kind", "Status")
                            .put("apiVersion", "v1")
                            .put("status", "Failure")
                            .put("message", message)
                            .put("reason", why.reason())
                            .put("code", why.status()));
        }

        Response withoutItems() {
            ObjectNode empty = (ObjectNode) json.deepCopy();
            empty.putArray("items");
            return new Response(status, empty);
        }

        Response withVersionLess(long by) {
            ObjectNode older = (ObjectNode) json.deepCopy();
            long version = older.path("metadata").path("resourceVersion").asLong(0);
            older.withObjectProperty("metadata").put("resourceVersion", Long.toString(Math.max(1, version - by)));
            return new Response(status, older);
        }
    }

    Response answer(Request request) throws InterruptedException {
        if (!isServed(request.path())) {
            return Response.refused(Refusal.NOT_FOUND, "the server could not find the requested resource");
        }
        try {
            return switch (request.path()) {
                case ApiPath.Document document -> document(request, document);
                case ApiPath.TokenReviews() -> review(request);
                case ApiPath.Collection collection -> collection(request, collection);
                case ApiPath.Item item -> item(request, item);
            };
        } catch (JacksonException broken) {
            return Response.refused(Refusal.BAD_REQUEST, "body: " + broken.getOriginalMessage());
        } catch (IllegalArgumentException unfit) {
            return Response.refused(Refusal.BAD_REQUEST, String.valueOf(unfit.getMessage()));
        }
    }

    /** What has no definition is not there, whatever is stored of it. */
    boolean isServed(ApiPath path) {
        return switch (path) {
            case ApiPath.Collection(LabKind kind, String _, String version) ->
                store.latest().serves(kind, version);
            case ApiPath.Item(ObjectKey key, LabWrite.Part _, String version) ->
                store.latest().serves(key.kind(), version);
            case ApiPath.Document _, ApiPath.TokenReviews _ -> true;
        };
    }

    private Response document(Request request, ApiPath.Document document) {
        if (!request.method().equals("GET")) {
            return notAllowed(request);
        }
        return ApiDocuments.at(document.path(), store.latest())
                .map(json -> new Response(OK, json))
                .orElseGet(
                        () -> Response.refused(Refusal.NOT_FOUND, "the server could not find the requested resource"));
    }

    private Response review(Request request) {
        if (!request.method().equals("POST") || !(JsonText.read(request.body()) instanceof ObjectNode review)) {
            return notAllowed(request);
        }
        List<String> audiences = new ArrayList<>();
        review.path("spec").path("audiences").forEach(one -> audiences.add(one.asString("")));
        String secret = review.path("spec").path("token").asString("");
        review.set("status", LabToken.review(tokens, secret, audiences));
        review.withObjectProperty("spec").remove("token");
        return new Response(CREATED, review);
    }

    private Response collection(Request request, ApiPath.Collection collection) throws InterruptedException {
        return switch (request.method()) {
            case "GET" -> list(request, collection);
            case "POST" -> {
                ObjectNode json = object(request);
                ObjectKey key = new ObjectKey(collection.kind(), collection.namespace(), nameOf(json));
                yield stored(CREATED, store.write(new LabWrite.Create(key, json)));
            }
            case "DELETE" -> deleteAll(request, collection);
            default -> notAllowed(request);
        };
    }

    private Response item(Request request, ApiPath.Item item) throws InterruptedException {
        return switch (request.method()) {
            case "GET" ->
                store.latest()
                        .object(item.key())
                        .map(object -> new Response(OK, object.json()))
                        .orElseGet(() -> stored(OK, LabAnswer.Refused.notFound(item.key())));
            case "PUT" -> stored(OK, store.write(new LabWrite.Replace(item.key(), item.part(), object(request))));
            case "PATCH" -> patch(request, item);
            case "DELETE" -> deleted(store.write(delete(request, item)));
            default -> notAllowed(request);
        };
    }

    private static LabWrite delete(Request request, ApiPath.Item item) {
        JsonNode given = request.body().isBlank()
                ? JsonText.object()
                : JsonText.readYaml(request.body()).path("preconditions");
        return new LabWrite.Delete(
                item.key(),
                given.path("uid").asStringOpt(),
                given.path("resourceVersion").asStringOpt());
    }

    private Response patch(Request request, ApiPath.Item item) throws InterruptedException {
        if (request.contentType().startsWith("application/apply-patch+yaml")) {
            JsonNode wanted = JsonText.readYaml(request.body());
            return wanted instanceof ObjectNode json
                    ? stored(
                            OK,
                            store.write(new LabWrite.Apply(
                                    item.key(),
                                    item.part(),
                                    request.parameter("fieldManager").orElse(""),
                                    json)))
                    : Response.refused(
                            Refusal.BAD_REQUEST, "apply: " + wanted.getNodeType() + " (expected: an object)");
        }
        Optional<PatchRules> rules = PatchRules.ofMediaType(request.contentType());
        if (rules.isEmpty()) {
            return Response.refused(
                    Refusal.UNSUPPORTED_MEDIA_TYPE,
                    "patch: \"" + request.contentType() + "\" (expected: merge, strategic merge, json or apply patch)");
        }
        JsonNode change = JsonText.read(request.body());
        return stored(OK, store.write(new LabWrite.Change(item.key(), item.part(), rules.get(), change)));
    }

    private Response deleteAll(Request request, ApiPath.Collection collection) throws InterruptedException {
        LabState state = store.latest();
        for (LabObject object : state.select(selection(request, collection))) {
            store.write(new LabWrite.Delete(object.key()));
        }
        return list(request, collection);
    }

    /** A page of a list goes on after the last key of the page before, at the state of today. */
    private Response list(Request request, ApiPath.Collection collection) {
        LabState state = store.latest();
        List<LabObject> all = state.select(selection(request, collection));
        String after = request.parameter("continue").map(ApiRequests::decoded).orElse("");
        List<LabObject> rest = all.stream()
                .filter(object -> after.isEmpty() || place(object).compareTo(after) > 0)
                .toList();
        int limit = request.parameter("limit")
                .map(Integer::parseInt)
                .filter(n -> n > 0)
                .orElse(Integer.MAX_VALUE);
        List<LabObject> page = rest.subList(0, Math.min(limit, rest.size()));
        ObjectNode json = JsonText.object()
                .put("kind", collection.kind().kind() + "List")
                .put("apiVersion", collection.kind().apiVersion());
        ObjectNode metadata = json.putObject("metadata").put("resourceVersion", Long.toString(state.version()));
        if (page.size() < rest.size()) {
            metadata.put("continue", encoded(place(page.getLast())));
            metadata.put("remainingItemCount", rest.size() - page.size());
        }
        ArrayNode items = json.putArray("items");
        page.forEach(object -> items.add(object.json()));
        return new Response(OK, json);
    }

    static LabSelection selection(Request request, ApiPath.Collection collection) {
        return LabSelection.parse(
                collection.kind(),
                collection.namespace(),
                request.parameter("labelSelector"),
                request.parameter("fieldSelector"));
    }

    /** Sorts as {@link ObjectKey} does within one kind: U+0000 is below every character of a name. */
    private static String place(LabObject object) {
        return object.key().namespace() + '\0' + object.key().name();
    }

    private static String encoded(String place) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String token) {
        return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    }

    private static ObjectNode object(Request request) {
        if (JsonText.readYaml(request.body()) instanceof ObjectNode json) {
            return json;
        }
        throw new IllegalArgumentException("body (expected: one object as JSON or YAML)");
    }

    private String nameOf(ObjectNode json) {
        String name = json.path("metadata").path("name").asString("");
        String prefix = json.path("metadata").path("generateName").asString("");
        return name.isEmpty() && !prefix.isEmpty()
                ? prefix + Long.toString(store.latest().version(), Character.MAX_RADIX)
                : name;
    }

    private static Response stored(int status, LabAnswer answer) {
        return switch (answer) {
            case LabAnswer.Stored(LabObject object) -> new Response(status, object.json());
            case LabAnswer.Done() -> success();
            case LabAnswer.Refused(Refusal why, String message) -> Response.refused(why, message);
        };
    }

    private static Response deleted(LabAnswer answer) {
        return switch (answer) {
            case LabAnswer.Stored(LabObject object) -> {
                ObjectNode status = success().json() instanceof ObjectNode json ? json : JsonText.object();
                status.putObject("details")
                        .put("name", object.key().name())
                        .put("kind", object.key().kind().plural())
                        .put("uid", object.metadata().path("uid").asString(""));
                yield new Response(OK, status);
            }
            case LabAnswer.Done() -> success();
            case LabAnswer.Refused(Refusal why, String message) -> Response.refused(why, message);
        };
    }

    private static Response success() {
        return new Response(
                OK,
                JsonText.object().put("kind", "Status").put("apiVersion", "v1").put("status", "Success"));
    }

    private static Response notAllowed(Request request) {
        return Response.refused(Refusal.METHOD_NOT_ALLOWED, request.method() + " is not allowed here");
    }
}
