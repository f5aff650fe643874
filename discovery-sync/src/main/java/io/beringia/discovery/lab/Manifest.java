package io.beringia.discovery.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One object as some file of the directory says it. */
record Manifest(ObjectKey key, ObjectNode json) {
    private static final String DEFAULT_NAMESPACE = "default";

    /** What a file says, and what in it could not be read. */
    record Reading(List<Manifest> manifests, List<ManifestProblem> problems) {
        Reading {
            manifests = List.copyOf(manifests);
            problems = List.copyOf(problems);
        }
    }

    /** Reads every document by itself: a broken one does not take the next with it. Pure. */
    static Reading read(String file, String text) {
        List<Manifest> manifests = new ArrayList<>();
        List<ManifestProblem> problems = new ArrayList<>();
        for (Document document : Document.split(text)) {
            try {
                JsonNode json = JsonText.readYaml(document.text());
                if (!json.isMissingNode() && !json.isNull()) {
                    manifests.add(of(json));
                }
            } catch (JacksonException broken) {
                int line = Optional.ofNullable(broken.getLocation())
                        .map(at -> Math.max(1, at.getLineNr()))
                        .orElse(1);
                problems.add(new ManifestProblem(file, document.firstLine() + line - 1, broken.getOriginalMessage()));
            } catch (IllegalArgumentException unfit) {
                problems.add(
                        new ManifestProblem(file, document.firstContentLine(), String.valueOf(unfit.getMessage())));
            }
        }
        return new Reading(manifests, problems);
    }

    private static Manifest of(JsonNode json) {
        String apiVersion = json.path("apiVersion").asString("");
        String kindName = json.path("kind").asString("");
        LabKind kind = LabKind.ofManifest(apiVersion, kindName)
                .orElseThrow(() -> new IllegalArgumentException("apiVersion \"" + apiVersion + "\", kind \"" + kindName
                        + "\" (expected: a kind that the lab serves, such as v1 Pod)"));
        String name = json.path("metadata").path("name").asString("");
        String namespace = json.path("metadata").path("namespace").asString(DEFAULT_NAMESPACE);
        if (name.isEmpty() || !(json instanceof ObjectNode object)) {
            throw new IllegalArgumentException(kindName + ": no metadata.name (expected: a name)");
        }
        return new Manifest(new ObjectKey(kind, kind.isNamespaced() ? namespace : "", name), object);
    }

    /** One YAML document of a file. A line that starts with {@code ---} always begins the next (YAML 1.2 §9.1.2). */
    private record Document(int firstLine, String text) {
        static List<Document> split(String text) {
            List<Document> documents = new ArrayList<>();
            StringBuilder current = new StringBuilder();
            int first = 1;
            int line = 0;
            for (String one : text.split("\n", -1)) {
                line++;
                if (one.equals("---") || one.startsWith("--- ") || one.equals("---\r")) {
                    documents.add(new Document(first, current.toString()));
                    current.setLength(0);
                    first = line + 1;
                } else {
                    current.append(one).append('\n');
                }
            }
            documents.add(new Document(first, current.toString()));
            return documents.stream().filter(document -> !document.isBlank()).toList();
        }

        private boolean isBlank() {
            return text.lines().allMatch(Document::saysNothing);
        }

        int firstContentLine() {
            return firstLine
                    + (int) text.lines().takeWhile(Document::saysNothing).count();
        }

        private static boolean saysNothing(String line) {
            return line.isBlank() || line.strip().startsWith("#");
        }
    }
}
