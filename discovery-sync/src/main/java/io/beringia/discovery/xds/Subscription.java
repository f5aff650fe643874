package io.beringia.discovery.xds;

import io.beringia.discovery.catalog.PersistentMap;
import io.beringia.discovery.wire.EncodedResource;
import io.beringia.discovery.wire.ResourceType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One client's interest in one type, and what it has of it. Each name is looked at when something about it may differ, so that
 * a change costs what it changes and not all that there is. Owned by the client's thread.
 */
final class Subscription {
    private static final String WILDCARD = "*";
    /** No version: the client asked for a name and waits for it or for word that it is not there. */
    private static final String ASKED = "";

    private final Map<String, String> held = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> refused = new TreeSet<>();
    /** Names about which the client may be told something; of all others it has what there is to have. */
    private Set<String> suspects = new HashSet<>();

    private Map<String, EncodedResource> seen = PersistentMap.empty();
    private MissingClusters unheard = MissingClusters.NOBODY;
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
            suspects.addAll(held.keySet());
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
        look(type, resources);
        return suspects.stream()
                .flatMap(name -> resources.find(type, name).stream())
                .filter(this::isDue)
                .toList();
    }

    List<String> removals(ResourceType type, Resources resources) {
        look(type, resources);
        return suspects.stream().filter(name -> isGone(name, type, resources)).toList();
    }

    /** What may differ since the last look is suspect; what turns out not to differ is not. */
    private void look(ResourceType type, Resources resources) {
        suspects.addAll(PersistentMap.differences(seen, resources.named(type)));
        if (!unheard.equals(resources.unheard())) {
            suspects.addAll(held.keySet());
        }
        seen = resources.named(type);
        unheard = resources.unheard();
        suspects = suspects.stream()
                .filter(name ->
                        resources.find(type, name).filter(this::isDue).isPresent() || isGone(name, type, resources))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private boolean isDue(EncodedResource resource) {
        return (isWildcard || names.contains(resource.name()))
                && !resource.version().equals(held.get(resource.name()));
    }

    private boolean isGone(String name, ResourceType type, Resources resources) {
        return held.containsKey(name) && resources.isGone(type, name);
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
            suspects.addAll(seen.keySet());
        } else if (names.add(name)) {
            held.putIfAbsent(name, ASKED);
            suspects.add(name);
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
