package io.beringia.discovery.explain;

import io.beringia.discovery.catalog.Candidate;
import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.Destination;
import io.beringia.discovery.catalog.EndpointChoice;
import io.beringia.discovery.catalog.Health;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.Way;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.snapshot.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * One client, one service and one port, in one picture: who could serve, by which ways, and how new connections are split.
 * Pure. Any thread.
 *
 * @param told what the client's ztunnel is told
 * @param gateways what our gateways are told
 */
record Flow(Snapshot picture, Workload client, Service service, int port, Catalog told, Catalog gateways) {

    FederationView view() {
        return picture.view();
    }

    Destination destination() {
        return new Destination.ByName(service.name().hostname(), port);
    }

    List<Candidate> candidates() {
        return Candidate.of(told, service, port, client);
    }

    List<Candidate> choices() {
        return candidates().stream()
                .filter(it -> it.standing() == Candidate.Standing.CHOICE)
                .toList();
    }

    /** Which of several gateways of one network is taken is chance, and decides nothing here. */
    Way way(Candidate choice) {
        return EndpointChoice.wayTo(told, client, service, choice.endpoint(), destination(), new SplittableRandom(1));
    }

    Way wayToWaypoint() {
        return EndpointChoice.choose(told, client, destination(), new SplittableRandom(1));
    }

    boolean isRelayed(Candidate choice) {
        return choice.endpoint().network().name().startsWith("relay.");
    }

    /** Parts of new connections by cluster, out of one; what leads nowhere is missing. */
    Map<String, Double> split() {
        Map<String, Double> split = new TreeMap<>();
        List<Candidate> choices = choices();
        double total =
                choices.stream().mapToLong(it -> it.endpoint().capacity()).sum();
        for (Candidate choice : choices) {
            double part = choice.endpoint().capacity() / total;
            if (way(choice) instanceof Way.None) {
                continue;
            }
            if (isRelayed(choice)) {
                relayed().forEach((cluster, share) -> split.merge(cluster, part * share, Double::sum));
            } else {
                split.merge(choice.endpoint().cluster().name(), part, Double::sum);
            }
        }
        return split;
    }

    /** How our gateways pass on what comes to them: by the plan's shares, else by what is ready. */
    private Map<String, Double> relayed() {
        List<RelayTarget.Part> parts = relayParts();
        boolean isPlanned = parts.stream().anyMatch(part -> part.share().isPresent());
        Map<String, Double> weights = new TreeMap<>();
        parts.stream()
                .filter(this::isUsable)
                .forEach(part -> weights.put(
                        part.cluster().name(), isPlanned ? part.share().orElse(0) : (double) part.capacity()));
        double total = weights.values().stream().mapToDouble(it -> it).sum();
        weights.values().removeIf(weight -> weight == 0);
        weights.replaceAll((cluster, weight) -> weight / total);
        return weights;
    }

    List<RelayTarget.Part> relayParts() {
        return relayTarget().map(RelayTarget::parts).orElse(List.of());
    }

    Optional<RelayTarget> relayTarget() {
        return Optional.ofNullable(gateways.relayTargets().get(service.name().hostname()));
    }

    private boolean isUsable(RelayTarget.Part part) {
        return part.ports().contains(port)
                && part.capacity() > 0
                && Optional.ofNullable(view().clusters().get(part.cluster()))
                        .filter(it -> view().status(it).isAllowed() && healthyGateways(it) > 0)
                        .isPresent();
    }

    static long healthyGateways(ClusterState cluster) {
        return cluster.gateways().stream()
                .filter(gateway -> gateway.health() == Health.HEALTHY)
                .count();
    }
}
