package io.beringia.discovery.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.wire.EncodedResource;
import io.beringia.discovery.wire.MeshValue;
import io.beringia.discovery.wire.ResourceType;
import io.beringia.discovery.wire.WorkloadCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeltaSessionTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/io/beringia/discovery/xds");

    @ParameterizedTest
    @ValueSource(strings = {"additions", "empty", "removals", "reconnect", "refusals", "on-demand"})
    void plays(String script) throws Exception {
        String text = Files.readString(SCRIPTS.resolve(script + ".txt"));
        Play play = new Play();
        StringBuilder played = new StringBuilder();
        for (String block : text.strip().split("\n\n", -1)) {
            List<String> steps =
                    block.lines().takeWhile(line -> !line.equals("----")).toList();
            steps.stream().filter(line -> !line.startsWith("#")).forEach(play::step);
            played.append(String.join("\n", steps))
                    .append("\n----\n")
                    .append(String.join("\n", play.sent()))
                    .append("\n\n");
        }

        assertThat(played.toString().strip()).isEqualTo(text.strip());
    }

    @Test
    void a_client_ends_with_the_catalog_and_never_knows_a_workload_without_its_policy() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Play play = new Play();
            play.step("request Address");
            play.step("request Authorization");
            for (int i = 0; i < 40; i++) {
                switch (random.nextInt(4)) {
                    case 0 -> play.step("catalog " + randomCatalog(random));
                    case 1 -> play.answer(random);
                    case 2 -> play.sent();
                    default -> {
                        if (random.nextInt(10) == 0) {
                            play.step("reconnect");
                        }
                    }
                }
                assertThat(play.workloadsWithoutPolicy()).as("seed %d", seed).isEmpty();
            }
            String last = randomCatalog(random);
            play.step("catalog " + last);
            while (!play.isQuiet()) {
                play.sent();
                play.answer(random);
                assertThat(play.workloadsWithoutPolicy()).as("seed %d", seed).isEmpty();
            }

            assertThat(play.held()).as("seed %d, catalog %s", seed, last).isEqualTo(play.served());
        }
    }

    /** Every workload names the policies of its letter, as long as they are there. */
    private static String randomCatalog(Random random) {
        StringBuilder catalog = new StringBuilder();
        for (char letter = 'a'; letter < 'e'; letter++) {
            boolean hasPolicy = random.nextBoolean();
            if (hasPolicy) {
                catalog.append("P:demo/")
                        .append(letter)
                        .append('=')
                        .append(random.nextInt(3))
                        .append(' ');
            }
            if (random.nextBoolean()) {
                catalog.append("W:").append(letter).append('=').append(1 + random.nextInt(3));
                catalog.append(hasPolicy ? ":demo/" + letter : "").append(' ');
            }
        }
        return catalog.toString();
    }

    /** A session and the client at its other end. */
    private static final class Play {
        private final Map<ResourceType, Map<String, EncodedResource>> client = new EnumMap<>(ResourceType.class);
        private final List<DeltaResponse> unanswered = new ArrayList<>();
        private DeltaSession session = new DeltaSession();
        private Resources resources = Resources.NONE;
        private long revision;

        void step(String line) {
            String[] words = line.strip().split(" ", -1);
            switch (words[0]) {
                case "catalog" ->
                    resources = resources.next(catalog(List.of(words).subList(1, words.length)));
                case "request" -> session.onRequest(request(words));
                case "reconnect" -> reconnect();
                case "ack" -> answer(words[1], type(words[2]), Optional.empty());
                case "nack" ->
                    answer(
                            words[1],
                            type(words[2]),
                            Optional.of(line.substring(line.indexOf(words[2]) + words[2].length())));
                default -> throw new IllegalArgumentException(line);
            }
        }

        List<String> sent() {
            List<String> lines = new ArrayList<>();
            Optional<DeltaResponse> next = session.next(resources);
            while (next.isPresent()) {
                receive(next.get());
                lines.add(line(next.get()));
                next = session.next(resources);
            }
            if (lines.isEmpty()) {
                lines.add("wait");
            }
            if (!session.refused().isEmpty()) {
                lines.add("refused " + String.join(" ", session.refused()));
            }
            return lines;
        }

        void answer(Random random) {
            if (!unanswered.isEmpty()) {
                DeltaResponse response = unanswered.remove(random.nextInt(unanswered.size()));
                answer(response.nonce(), response.type(), Optional.empty());
            }
        }

        boolean isQuiet() {
            return unanswered.isEmpty() && sent().equals(List.of("wait"));
        }

        Map<ResourceType, Map<String, EncodedResource>> held() {
            Map<ResourceType, Map<String, EncodedResource>> held = new EnumMap<>(client);
            held.values().removeIf(Map::isEmpty);
            return held;
        }

        Map<ResourceType, Map<String, EncodedResource>> served() {
            Map<ResourceType, Map<String, EncodedResource>> served = new EnumMap<>(ResourceType.class);
            for (ResourceType type : List.of(ResourceType.ADDRESS, ResourceType.AUTHORIZATION)) {
                resources
                        .all(type)
                        .forEach(resource -> served.computeIfAbsent(type, absent -> new TreeMap<>())
                                .put(resource.name(), resource));
            }
            return served;
        }

        Set<String> workloadsWithoutPolicy() {
            Set<String> without = new HashSet<>();
            client.getOrDefault(ResourceType.ADDRESS, Map.of()).values().forEach(resource -> {
                if (WorkloadCodec.decode(ResourceType.ADDRESS, resource.bytes()) instanceof MeshValue.OfWorkload it
                        && !client.getOrDefault(ResourceType.AUTHORIZATION, Map.of())
                                .keySet()
                                .containsAll(it.workload().policies())) {
                    without.add(resource.name());
                }
            });
            return without;
        }

        private void answer(String nonce, ResourceType type, Optional<String> error) {
            unanswered.removeIf(response -> response.nonce().equals(nonce));
            session.onRequest(new DeltaRequest(type, List.of(), List.of(), Map.of(), nonce, error));
        }

        private void reconnect() {
            session = new DeltaSession();
            unanswered.clear();
            for (ResourceType type : List.of(ResourceType.ADDRESS, ResourceType.AUTHORIZATION)) {
                Map<String, String> versions = new TreeMap<>();
                client.getOrDefault(type, Map.of()).forEach((name, held) -> versions.put(name, held.version()));
                session.onRequest(new DeltaRequest(type, List.of(), List.of(), versions, "", Optional.empty()));
            }
        }

        private void receive(DeltaResponse response) {
            assertThat(unanswered).as("unanswered").noneMatch(other -> other.type() == response.type());
            unanswered.add(response);
            Map<String, EncodedResource> held = client.computeIfAbsent(response.type(), type -> new TreeMap<>());
            response.upserts().forEach(resource -> held.put(resource.name(), resource));
            response.removals().forEach(held::remove);
        }

        private static String line(DeltaResponse response) {
            StringBuilder line = new StringBuilder("send " + response.nonce() + " " + word(response.type()));
            response.upserts().forEach(resource -> line.append(" +").append(resource.name()));
            response.removals().forEach(name -> line.append(" -").append(name));
            return line.toString();
        }

        private static DeltaRequest request(String[] words) {
            return new DeltaRequest(
                    type(words[1]),
                    names(words, "subscribe="),
                    names(words, "unsubscribe="),
                    Map.of(),
                    "",
                    Optional.empty());
        }

        private static List<String> names(String[] words, String key) {
            return List.of(words).stream()
                    .filter(word -> word.startsWith(key))
                    .flatMap(word -> List.of(word.substring(key.length()).split(",", -1)).stream())
                    .toList();
        }

        private static ResourceType type(String word) {
            return word.equals("Address") ? ResourceType.ADDRESS : ResourceType.AUTHORIZATION;
        }

        private static String word(ResourceType type) {
            return type == ResourceType.ADDRESS ? "Address" : "Authorization";
        }

        private Catalog catalog(List<String> words) {
            List<Workload> workloads = new ArrayList<>();
            List<Policy> policies = new ArrayList<>();
            for (String word : words) {
                String[] parts = word.substring(2).split("[=:]", -1);
                if (word.startsWith("W:")) {
                    workloads.add(workload(parts));
                } else {
                    policies.add(policy(parts));
                }
            }
            return Catalog.of(
                    ++revision, PlanVersion.NONE, workloads, List.of(), policies, List.of(), List.of(), List.of());
        }

        private static Workload workload(String[] parts) {
            return Workload.named(
                            "c1//Pod/demo/" + parts[0], "demo", parts[0], new ClusterId("c1"), new Network("net1"))
                    .capacity(Long.parseLong(parts[1]))
                    .policies(parts.length > 2 ? List.of(parts[2]) : List.of())
                    .build();
        }

        private static Policy policy(String[] parts) {
            return new Policy(
                    "demo",
                    parts[0].substring("demo/".length()),
                    Policy.Scope.WORKLOAD_SELECTOR,
                    Policy.Action.DENY,
                    Collections.nCopies(Integer.parseInt(parts[1]), new Policy.Rule(List.of())),
                    false);
        }
    }
}
