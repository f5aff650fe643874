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

    static Optional<ObjectNode> at(String path) {
        return switch (path) {
            case "/api" -> Optional.of(coreVersions());
            case "/apis" -> Optional.of(groups());
            case "/api/v1" -> Optional.of(resources(""));
            case "/version" -> Optional.of(version());
            case "/openapi/v3" -> Optional.of(openApi());
            default -> ofGroup(path);
        };
    }

    private static Optional<ObjectNode> ofGroup(String path) {
        return groupNames().stream()
                .filter(group -> path.equals("/apis/" + group + "/" + LabKind.VERSION) || path.equals("/apis/" + group))
                .findFirst()
                .map(group -> path.endsWith("/" + LabKind.VERSION)
                        ? resources(group)
                        : group(group).put("kind", "APIGroup").put("apiVersion", "v1"));
    }

    private static List<String> groupNames() {
        return Arrays.stream(LabKind.values())
                .map(LabKind::group)
                .filter(group -> !group.isEmpty())
                .distinct()
                .toList();
    }

    private static ObjectNode coreVersions() {
        ObjectNode made = JsonText.object().put("kind", "APIVersions");
        made.putArray("versions").add(LabKind.VERSION);
        made.putArray("serverAddressByClientCIDRs");
        return made;
    }

    private static ObjectNode groups() {
        ObjectNode made = JsonText.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = made.putArray("groups");
        groupNames().forEach(name -> groups.add(group(name)));
        return made;
    }

    private static ObjectNode group(String name) {
        ObjectNode made = JsonText.object().put("name", name);
        ObjectNode version = JsonText.object()
                .put("groupVersion", name + "/" + LabKind.VERSION)
                .put("version", LabKind.VERSION);
        made.putArray("versions").add(version);
        made.set("preferredVersion", version.deepCopy());
        return made;
    }

    private static ObjectNode resources(String group) {
        ObjectNode made = JsonText.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", group.isEmpty() ? LabKind.VERSION : group + "/" + LabKind.VERSION);
        ArrayNode resources = made.putArray("resources");
        Arrays.stream(LabKind.values())
                .filter(kind -> kind.group().equals(group))
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
