package io.beringia.gateway.drain;

import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Tunnels that are open, as an operator wants to know of them: how many, whose, to what, and how old.
 *
 * @param clients tunnels of each, by verified name
 * @param services tunnels to each
 * @param oldest age of the oldest
 */
public record Residue(int tunnels, Map<SpiffeId, Integer> clients, Map<String, Integer> services, Duration oldest) {
    public static final Residue NOTHING = new Residue(0, Map.of(), Map.of(), Duration.ZERO);

    /** A line for people names so many of each; the rest is counted. */
    private static final int NAMED_MAX = 5;

    public Residue {
        clients = Map.copyOf(clients);
        services = Map.copyOf(services);
    }

    /** One of them. */
    public record One(SpiffeId client, String service, Duration age) {}

    public static Residue of(List<One> open) {
        return new Residue(
                open.size(),
                open.stream().collect(Collectors.toMap(One::client, _ -> 1, Integer::sum)),
                open.stream().collect(Collectors.toMap(One::service, _ -> 1, Integer::sum)),
                open.stream().map(One::age).max(Duration::compareTo).orElse(Duration.ZERO));
    }

    /** Both together. */
    public Residue plus(Residue other) {
        return new Residue(
                tunnels + other.tunnels,
                sum(clients, other.clients),
                sum(services, other.services),
                oldest.compareTo(other.oldest) >= 0 ? oldest : other.oldest);
    }

    private static <K> Map<K, Integer> sum(Map<K, Integer> some, Map<K, Integer> others) {
        Map<K, Integer> sum = new HashMap<>(some);
        others.forEach((name, count) -> sum.merge(name, count, Integer::sum));
        return sum;
    }

    public boolean isNothing() {
        return tunnels == 0;
    }

    /** Those with most tunnels first. */
    public String shownClients() {
        return shown(clients);
    }

    public String shownServices() {
        return shown(services);
    }

    private static <K> String shown(Map<K, Integer> counts) {
        List<String> named = counts.entrySet().stream()
                .sorted(Map.Entry.<K, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(one -> one.getKey().toString()))
                .map(one -> one.getKey() + " x" + one.getValue())
                .toList();
        String first = named.stream().limit(NAMED_MAX).collect(Collectors.joining(", "));
        return named.size() > NAMED_MAX ? first + ", and " + (named.size() - NAMED_MAX) + " more" : first;
    }

    @Override
    public String toString() {
        return tunnels + " tunnels, the oldest " + oldest.toSeconds() + " s old, of " + shownClients() + ", to "
                + shownServices();
    }
}
