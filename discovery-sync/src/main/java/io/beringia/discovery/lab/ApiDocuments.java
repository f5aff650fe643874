package io.beringia.discovery.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The documents by which a client finds out what is served: discovery, version, health. Pure. */
final class ApiDocuments {
    private static final List<String> VERBS = List.of("create", "delete", "get", "list", "patch", "update", "watch");

    private ApiDocuments() {}

    /** @param state knows which kinds are defined */
    static Optional<ObjectNode> at(String path, LabState state) {
        return switch (path) {
            case "/api" -> Optional.of(coreVersions());
            case "/apis" -> Optional.of(groups(state));
            case "/api/v1" -> Optional.of(resources("", LabKind.VERSION, state));
            case "/version" -> Optional.of(version());
            case "/openapi/v3" -> Optional.of(openApi());
            default -> ofGroup(path, state);
        };
    }

    private static Optional<ObjectNode> ofGroup(String path, LabState state) {
        for (String group : groupNames(state)) {
            if (path.equals("/apis/" + group)) {
                return Optional.of(group(group, state).put("kind", "APIGroup").put("apiVersion", "v1"));
            }
            for (String version : versions(group, state)) {
                if (path.equals("/apis/" + group + "/" + version)) {
                    return Optional.of(resources(group, version, state));
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> groupNames(LabState state) {
        return Arrays.stream(LabKind.values())
                .map(LabKind::group)
                .filter(group -> !group.isEmpty() && !versions(group, state).isEmpty())
                .distinct()
                .toList();
    }

    /** Served ones, in order of preference. */
    private static List<String> versions(String group, LabState state) {
        return Arrays.stream(LabKind.values())
                .filter(kind -> kind.group().equals(group))
                .flatMap(kind -> kind.versions().stream().filter(version -> state.serves(kind, version)))
                .distinct()
                .toList();
    }

    private static ObjectNode coreVersions() {
        ObjectNode made = JsonText.object().put("kind", "APIVersions");
        made.putArray("versions").add(LabKind.VERSION);
        made.putArray("serverAddressByClientCIDRs");
        return made;
    }

    private static ObjectNode groups(LabState state) {
        ObjectNode made = JsonText.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = made.putArray("groups");
        groupNames(state).forEach(name -> groups.add(group(name, state)));
        return made;
    }

    private static ObjectNode group(String name, LabState state) {
        ObjectNode made = JsonText.object().put("name", name);
        ArrayNode versions = made.putArray("versions");
        versions(name, state)
                .forEach(version -> versions.addObject()
                        .put("groupVersion", name + "/" + version)
                        .put("version", version));
        made.set("preferredVersion", versions.path(0).deepCopy());
        return made;
    }

    private static ObjectNode resources(String group, String version, LabState state) {
        ObjectNode made = JsonText.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode resources = made.putArray("resources");
        Arrays.stream(LabKind.values())
                .filter(kind -> kind.group().equals(group) && state.serves(kind, version))
                .forEach(kind -> addResource(resources, kind));
        return made;
    }

    private static void addResource(ArrayNode resources, LabKind kind) {
        ObjectNode resource = resource(kind, kind.plural());
        VERBS.forEach(resource.putArray("verbs")::add);
        if (!kind.shortName().isEmpty()) {
            resource.putArray("shortNames").add(kind.shortName());
        }
        resources.add(resource);
        if (kind.hasStatusSubresource()) {
            ObjectNode status = resource(kind, kind.plural() + "/status");
            List.of("get", "patch", "update").forEach(status.putArray("verbs")::add);
            resources.add(status);
        }
    }

    private static ObjectNode resource(LabKind kind, String name) {
        return JsonText.object()
                .put("name", name)
                .put("singularName", kind.kind().toLowerCase(Locale.ROOT))
                .put("namespaced", kind.isNamespaced())
                .put("kind", kind.kind());
    }

    private static ObjectNode version() {
        return JsonText.object()
                .put("major", "1")
                .put("minor", "32")
                .put("gitVersion", "v1.32.0+beringia-lab")
                .put("platform", "jvm");
    }

    private static ObjectNode openApi() {
        ObjectNode made = JsonText.object();
        made.putObject("paths");
        return made;
    }
}
