package io.beringia.discovery.explain;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.peering.ExportDecision;
import io.beringia.discovery.peering.ExportDecisions;
import io.beringia.trust.identity.SpiffeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What would leave, to whom, and why: in order of service and peer. Pure.
 *
 * @param refused objects that say nothing, each with what was expected
 */
public record ExportPreview(List<Row> rows, List<String> refused) {
    public ExportPreview {
        rows = List.copyOf(rows);
        refused = List.copyOf(refused);
    }

    /**
     * One service at one peer.
     *
     * @param peer none where the service goes to nobody, and did not before
     * @param clients who may call it from there; none named means everybody
     */
    public record Row(ServiceName service, Optional<ClusterId> peer, Change change, Set<SpiffeId> clients, String why) {
        public Row {
            clients = Set.copyOf(clients);
        }
    }

    public enum Change {
        NONE,
        /** It goes there, and did not before. */
        GAINED,
        LOST,
        /** Others may call it from there than before. */
        CLIENTS
    }

    public static ExportPreview of(ExportDecisions before, ExportDecisions after) {
        List<Row> rows = new ArrayList<>();
        after.services().keySet().stream().sorted().forEach(service -> rows(rows, service, before, after));
        List<String> refused = new ArrayList<>();
        after.policies().forEach((name, it) -> refused(refused, "ExportPolicy " + name, it.problems()));
        after.peers().forEach((name, problems) -> refused(refused, "PeerCluster " + name.name(), problems));
        return new ExportPreview(rows, refused);
    }

    private static void refused(List<String> refused, String what, List<String> problems) {
        if (!problems.isEmpty()) {
            refused.add(what + ": " + String.join("; ", problems));
        }
    }

    private static void rows(List<Row> rows, ServiceName service, ExportDecisions beforeAll, ExportDecisions afterAll) {
        ExportDecision before = beforeAll.of(service);
        ExportDecision after = afterAll.of(service);
        Set<ClusterId> peers = new TreeSet<>(before.consumers());
        peers.addAll(after.consumers());
        for (ClusterId peer : peers) {
            boolean isLost = !after.consumers().contains(peer);
            rows.add(new Row(
                    service,
                    Optional.of(peer),
                    change(before, after, peer),
                    isLost ? Set.of() : after.clients(),
                    why(after)));
        }
        if (peers.isEmpty()) {
            rows.add(new Row(service, Optional.empty(), Change.NONE, Set.of(), why(after)));
        }
    }

    private static Change change(ExportDecision before, ExportDecision after, ClusterId peer) {
        if (!after.consumers().contains(peer)) {
            return Change.LOST;
        }
        if (!before.consumers().contains(peer)) {
            return Change.GAINED;
        }
        return before.clients().equals(after.clients()) ? Change.NONE : Change.CLIENTS;
    }

    private static String why(ExportDecision decision) {
        String by = decision.by().isEmpty()
                ? "default"
                : decision.by().stream().map(ObjectName::toString).collect(Collectors.joining(", "));
        return decision.verdict().word() + " by " + by;
    }
}
