package io.beringia.discovery.xds;

import io.beringia.discovery.wire.EncodedResource;
import io.beringia.discovery.wire.ResourceType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** One client's interest in one type, and what it has of it. Owned by the client's thread. */
final class Subscription {
    private static final String WILDCARD = "*";
    /** No version: the client asked for a name and waits for it or for word that it is not there. */
    private static final String ASKED = "";

    private final Map<String, String> held = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> refused = new TreeSet<>();
    private boolean isWildcard;
    private boolean isKnown;
    private boolean isUnanswered = true;
    private boolean isAccepted;
    private Optional<DeltaResponse> pending = Optional.empty();

    void onRequest(DeltaRequest request) {
        if (!isKnown) {
            isKnown = true;
            isWildcard = request.subscribe().isEmpty();
            held.putAll(request.held());
        }
        request.subscribe().forEach(this::subscribe);
        request.unsubscribe().forEach(this::unsubscribe);
        pending.filter(sent -> sent.nonce().equals(request.nonce())).ifPresent(sent -> onAnswer(sent, request));
    }

    /** Whether the client answered all that was sent. */
    boolean mayBeSent() {
        return pending.isEmpty();
    }

    /** Whether it still waits for the first answer that it can accept. */
    boolean isUnanswered() {
        return isUnanswered;
    }

    Set<String> refused() {
        return refused;
    }

    List<EncodedResource> upserts(ResourceType type, Resources resources) {
        Stream<EncodedResource> wanted =
                isWildcard ? resources.all(type) : names.stream().flatMap(name -> resources.find(type, name).stream());
        return wanted.filter(resource -> !resource.version().equals(held.get(resource.name())))
                .toList();
    }

    List<String> removals(ResourceType type, Resources resources) {
        return held.keySet().stream()
                .filter(name -> resources.isGone(type, name))
                .toList();
    }

    void onSent(DeltaResponse response) {
        response.upserts().forEach(resource -> held.put(resource.name(), resource.version()));
        response.removals().forEach(held::remove);
        isUnanswered = false;
        pending = Optional.of(response);
    }

    private void subscribe(String name) {
        if (name.equals(WILDCARD)) {
            isWildcard = true;
        } else if (names.add(name)) {
            held.putIfAbsent(name, ASKED);
        }
    }

    private void unsubscribe(String name) {
        if (name.equals(WILDCARD)) {
            isWildcard = false;
        } else if (names.remove(name) && !isWildcard) {
            held.remove(name);
        }
    }

    /** A refused first answer opens no data plane: it gets another one, without what it refused. */
    private void onAnswer(DeltaResponse sent, DeltaRequest request) {
        pending = Optional.empty();
        isAccepted |= request.error().isEmpty();
        sent.upserts().forEach(resource -> refused.remove(resource.name()));
        request.error().ifPresent(error -> {
            sent.upserts().stream()
                    .map(EncodedResource::name)
                    .filter(error::contains)
                    .forEach(refused::add);
            isUnanswered = !isAccepted && !sent.upserts().isEmpty();
        });
    }
}
