package io.beringia.discovery.xds;

import io.beringia.discovery.wire.EncodedResource;
import io.beringia.discovery.wire.FileCatalog;
import io.beringia.discovery.wire.ResourceType;
import io.beringia.scenarios.fuzz.Choices;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A client of delta xDS that says anything: it is owed one answer at a time for each type, is never sent the same thing
 * for ever, and has everything once it says yes to all.
 */
public final class SessionsFuzz {
    private static final String NOTHING = "{}";
    private static final String ONE = """
            policies:
            - {namespace: demo, name: p, scope: namespace, action: allow, rules: []}
            services:
            - {namespace: demo, hostname: echo.demo.svc.cluster.local, ports: {80: 8080}}
            """;
    private static final String MORE = """
            services:
            - {namespace: demo, hostname: echo.demo.svc.cluster.local, ports: {80: 9090}}
            workloads:
            - {uid: east//Pod/demo/a, namespace: demo, name: a, cluster: east, network: n-east, addresses: [10.0.0.1]}
            - {uid: east//Pod/demo/b, namespace: demo, name: b, cluster: east, network: n-east, addresses: [10.0.0.2]}
            """;
    private static final List<Resources> STATES = states();
    private static final List<String> NAMES = List.of(
            "*", "demo/p", "demo/echo.demo.svc.cluster.local", "east//Pod/demo/a", "east//Pod/demo/b", "gone", "");
    /** Each type in each direction, and one to find that there is no more. */
    private static final int ROUNDS_MAX = 16;

    private final DeltaSession session = new DeltaSession();
    private final Map<ResourceType, DeltaResponse> owed = new EnumMap<>(ResourceType.class);
    private final Map<ResourceType, Map<String, String>> has = new EnumMap<>(ResourceType.class);
    private final Set<String> nonces = new HashSet<>();
    private Resources resources = Resources.NONE;

    private SessionsFuzz() {}

    private static List<Resources> states() {
        List<Resources> states = new ArrayList<>(List.of(Resources.NONE));
        for (String yaml : List.of(NOTHING, ONE, MORE)) {
            states.add(states.getLast().next(FileCatalog.parse(yaml)));
        }
        return states;
    }

    public static void fuzzerTestOneInput(byte[] input) {
        Choices choices = new Choices(input);
        SessionsFuzz run = new SessionsFuzz();
        while (choices.isLeft()) {
            switch (choices.below(4)) {
                case 0 -> run.asks(choices);
                case 1 -> run.answers(choices);
                case 2 -> run.resources = choices.of(STATES);
                default -> run.sends();
            }
        }
        run.settles();
    }

    private void asks(Choices choices) {
        ResourceType type =
                choices.of(List.of(ResourceType.AUTHORIZATION, ResourceType.ADDRESS, ResourceType.CLUSTER_STATE));
        Map<String, String> held = new HashMap<>();
        if (choices.oneIn(3)) {
            held.put(choices.of(NAMES), "old");
        }
        if (!has.containsKey(type)) {
            has.put(type, new HashMap<>(held));
        }
        String nonce = choices.oneIn(4) ? choices.text() : "";
        Optional<String> error = choices.oneIn(4) ? Optional.of(choices.text()) : Optional.empty();
        says(new DeltaRequest(type, names(choices), names(choices), held, nonce, error));
    }

    private static List<String> names(Choices choices) {
        List<String> names = new ArrayList<>();
        for (int left = choices.below(3); left > 0; left--) {
            names.add(choices.of(NAMES));
        }
        return names;
    }

    /** To what it was sent last, with a yes or a no. */
    private void answers(Choices choices) {
        if (!owed.isEmpty()) {
            List<DeltaResponse> all = List.copyOf(owed.values());
            DeltaResponse sent = choices.of(all);
            Optional<String> error = choices.oneIn(3)
                    ? Optional.of(
                            sent.upserts().stream().map(EncodedResource::name).collect(Collectors.joining(": bad; ")))
                    : Optional.empty();
            says(new DeltaRequest(sent.type(), List.of(), List.of(), Map.of(), sent.nonce(), error));
        }
    }

    private void says(DeltaRequest request) {
        if (owed.containsKey(request.type()) && owed.get(request.type()).nonce().equals(request.nonce())) {
            owed.remove(request.type());
        }
        session.onRequest(request);
    }

    /** All that may be sent before the client says more. */
    private int sends() {
        int sent = 0;
        for (Optional<DeltaResponse> next = session.next(resources); next.isPresent(); next = session.next(resources)) {
            onSent(next.get());
            sent++;
        }
        return sent;
    }

    private void onSent(DeltaResponse response) {
        require(owed.put(response.type(), response) == null, "sent: " + response + ", before an answer");
        require(nonces.add(response.nonce()), "nonce: " + response.nonce() + ", twice");
        Set<String> names = new HashSet<>(response.removals());
        response.upserts().forEach(one -> require(names.add(one.name()), "name: " + one.name() + ", twice"));
        require(has.containsKey(response.type()), "type: " + response.type() + ", not asked for");
        Map<String, String> those = has.getOrDefault(response.type(), Map.of());
        response.removals().forEach(those::remove);
        response.upserts().forEach(one -> those.put(one.name(), one.version()));
    }

    /** The client asks for all that there is, and says yes to it until there is no more. */
    private void settles() {
        resources = STATES.getLast();
        for (ResourceType type : List.of(ResourceType.AUTHORIZATION, ResourceType.ADDRESS)) {
            has.putIfAbsent(type, new HashMap<>());
            says(new DeltaRequest(type, List.of("*"), List.of(), Map.of(), "", Optional.empty()));
        }
        int rounds = 0;
        do {
            require(rounds++ < ROUNDS_MAX, "rounds: " + rounds + " (expected: at most " + ROUNDS_MAX + ")");
            List.copyOf(owed.values())
                    .forEach(sent -> says(new DeltaRequest(
                            sent.type(), List.of(), List.of(), Map.of(), sent.nonce(), Optional.empty())));
        } while (sends() > 0);
        for (ResourceType type : List.of(ResourceType.AUTHORIZATION, ResourceType.ADDRESS)) {
            resources
                    .all(type)
                    .forEach(one -> require(
                            one.version()
                                    .equals(has.getOrDefault(type, Map.of()).get(one.name())),
                            "settled: without " + one));
        }
    }

    private static void require(boolean met, String otherwise) {
        if (!met) {
            throw new IllegalStateException(otherwise);
        }
    }
}
