package io.beringia.discovery.xds;

import io.beringia.discovery.wire.EncodedResource;
import io.beringia.discovery.wire.ResourceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one client has and wants, and what to send it next. No I/O, no clock. Owned by the client's thread.
 *
 * <ul>
 *   <li>At most one response per type is unanswered; a client that is slow is later told the newest state, once.
 *   <li>Policies go before what names them and leave after it: a data plane skips a policy that it does not know.
 *   <li>Every type is answered, even with nothing, since data planes wait for the first answer of each.
 *   <li>The first answer of a type is whole, later ones are cut at {@value #RESPONSE_BYTES_MAX} bytes.
 *   <li>What a client refused is not sent again until it changes.
 * </ul>
 *
 * @see <a href="https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol">xDS protocol, incremental xDS</a>
 */
final class DeltaSession {
    /** Small enough that a change behind it waits for milliseconds, not for the whole mesh. */
    static final int RESPONSE_BYTES_MAX = 4 << 20;

    private final Map<ResourceType, Subscription> subscriptions = new EnumMap<>(ResourceType.class);
    private long nonces;

    void onRequest(DeltaRequest request) {
        subscriptions
                .computeIfAbsent(request.type(), type -> new Subscription())
                .onRequest(request);
    }

    /** The one response that may be sent now, if any; ask again after sending it. */
    Optional<DeltaResponse> next(Resources resources) {
        if (resources.version().isEmpty()) {
            return Optional.empty();
        }
        for (ResourceType type : ResourceType.values()) {
            Subscription subscription = subscriptions.get(type);
            if (subscription != null && subscription.mayBeSent() && isInOrder(type, resources)) {
                Difference difference = difference(type, subscription, resources);
                if (!difference.isEmpty() || subscription.isUnanswered()) {
                    return Optional.of(sent(type, subscription, difference, resources));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether it has acknowledged all that it was sent, and refused nothing of it. */
    boolean isSettled() {
        return subscriptions.values().stream().allMatch(it -> it.mayBeSent() && !it.isUnanswered())
                && refused().isEmpty();
    }

    /** Names that the client refused, as it has them; empty when all is well. */
    List<String> refused() {
        return subscriptions.values().stream()
                .flatMap(subscription -> subscription.refused().stream())
                .sorted()
                .toList();
    }

    /** Addresses wait for the policies that they may name, which every client of ours asks for. */
    private boolean isInOrder(ResourceType type, Resources resources) {
        if (type != ResourceType.ADDRESS) {
            return true;
        }
        Subscription policies = subscriptions.get(ResourceType.AUTHORIZATION);
        return policies != null
                && !policies.isUnanswered()
                && policies.upserts(ResourceType.AUTHORIZATION, resources).isEmpty();
    }

    private Difference difference(ResourceType type, Subscription subscription, Resources resources) {
        List<EncodedResource> due = subscription.upserts(type, resources);
        List<EncodedResource> upserts = subscription.isUnanswered() ? due : cut(due);
        boolean mayRemove =
                upserts.size() == due.size() && (type != ResourceType.AUTHORIZATION || addressesAreSettled(resources));
        return new Difference(upserts, mayRemove ? subscription.removals(type, resources) : List.of());
    }

    private boolean addressesAreSettled(Resources resources) {
        Subscription addresses = subscriptions.get(ResourceType.ADDRESS);
        return addresses == null
                || (addresses.upserts(ResourceType.ADDRESS, resources).isEmpty()
                        && addresses.removals(ResourceType.ADDRESS, resources).isEmpty());
    }

    private static List<EncodedResource> cut(List<EncodedResource> due) {
        List<EncodedResource> taken = new ArrayList<>();
        long bytes = 0;
        for (EncodedResource resource : due) {
            bytes += resource.bytes().size();
            if (bytes > RESPONSE_BYTES_MAX && !taken.isEmpty()) {
                return taken;
            }
            taken.add(resource);
        }
        return taken;
    }

    private DeltaResponse sent(
            ResourceType type, Subscription subscription, Difference difference, Resources resources) {
        DeltaResponse response = new DeltaResponse(
                type, Long.toString(++nonces), resources.version(), difference.upserts, difference.removals);
        subscription.onSent(response);
        return response;
    }

    private record Difference(List<EncodedResource> upserts, List<String> removals) {
        private Difference {
            upserts = upserts.stream()
                    .sorted(Comparator.comparing(EncodedResource::name))
                    .toList();
            removals = removals.stream().sorted().toList();
        }

        boolean isEmpty() {
            return upserts.isEmpty() && removals.isEmpty();
        }
    }
}
