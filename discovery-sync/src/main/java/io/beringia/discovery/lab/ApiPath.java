package io.beringia.discovery.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a request path names (Kubernetes API concepts, resource URIs). */
sealed interface ApiPath {
    /** All of a kind, in one namespace or, if that is empty, in all. */
    record Collection(LabKind kind, String namespace, String version) implements ApiPath {}

    record Item(ObjectKey key, LabWrite.Part part, String version) implements ApiPath {}

    record TokenReviews() implements ApiPath {}

    /** Something to read that is no object: discovery, version, health. */
    record Document(String path) implements ApiPath {}

    /** @return a document for whatever is no object; {@link ApiDocuments} knows which of those exist */
    static ApiPath parse(String path) {
        List<String> parts = Arrays.stream(path.split("/", -1))
                .filter(part -> !part.isEmpty())
                .toList();
        if (parts.equals(List.of("apis", "authentication.k8s.io", "v1", "tokenreviews"))) {
            return new TokenReviews();
        }
        return resource(parts).orElseGet(() -> new Document("/" + String.join("/", parts)));
    }

    private static Optional<ApiPath> resource(List<String> parts) {
        if (parts.size() > 2 && parts.get(0).equals("api") && parts.get(1).equals(LabKind.VERSION)) {
            return inGroup("", LabKind.VERSION, parts.subList(2, parts.size()));
        }
        if (parts.size() > 3 && parts.get(0).equals("apis")) {
            return inGroup(parts.get(1), parts.get(2), parts.subList(3, parts.size()));
        }
        return Optional.empty();
    }

    private static Optional<ApiPath> inGroup(String group, String version, List<String> rest) {
        boolean namespaced = rest.size() > 2
                && rest.get(0).equals("namespaces")
                && LabKind.ofPlural(group, rest.get(2)).isPresent();
        String namespace = namespaced ? rest.get(1) : "";
        List<String> own = namespaced ? rest.subList(2, rest.size()) : rest;
        return LabKind.ofPlural(group, own.getFirst())
                .filter(kind -> kind.versions().contains(version))
                .filter(kind -> kind.isNamespaced() ? namespaced || own.size() == 1 : !namespaced)
                .flatMap(kind -> ofKind(kind, version, namespace, own.subList(1, own.size())));
    }

    private static Optional<ApiPath> ofKind(LabKind kind, String version, String namespace, List<String> rest) {
        return switch (rest.size()) {
            case 0 -> Optional.of(new Collection(kind, namespace, version));
            case 1 -> Optional.of(new Item(new ObjectKey(kind, namespace, rest.get(0)), LabWrite.Part.WHOLE, version));
            case 2 ->
                rest.get(1).equals("status") && kind.hasStatusSubresource()
                        ? Optional.of(
                                new Item(new ObjectKey(kind, namespace, rest.get(0)), LabWrite.Part.STATUS, version))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }
}
