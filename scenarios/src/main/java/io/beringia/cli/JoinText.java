package io.beringia.cli;

import io.beringia.discovery.cli.PeerClusterJoin;
import io.beringia.discovery.peering.PeerConfig;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What {@code beringia join} says: for an operator to paste, and as JSON. Pure. */
final class JoinText {
    private JoinText() {}

    static String findings(JoinRules.Plan plan) {
        return plan.findings().stream()
                .map(it -> String.format("%-9s %-6s %s%n", it.topic(), mark(it.severity()), it.detail()))
                .collect(Collectors.joining());
    }

    private static String mark(JoinRules.Severity severity) {
        return switch (severity) {
            case OK -> "ok";
            case NOTE -> "note";
            case WRONG -> "WRONG";
        };
    }

    static String handover(JoinRules.Handover it) {
        StringBuilder text = new StringBuilder();
        it.peer()
                .ifPresent(peer -> text.append("# in the configuration of ")
                        .append(it.to().cluster())
                        .append(", below roles.discovery.peers; then its discovery is started again\n")
                        .append(peer(peer)));
        it.bundle()
                .ifPresent(bundle -> text.append("# in the configuration of ")
                        .append(it.to().cluster())
                        .append(", below roles.trust.federation.domains\n")
                        .append(domain(it, bundle)));
        return text.append("# in the API of ")
                .append(it.to().cluster())
                .append(", whose labels an ExportPolicy may ask for: kubectl apply -f\n")
                .append(PeerClusterJoin.manifest(it.about().cluster()))
                .toString();
    }

    private static String peer(PeerConfig it) {
        return """
                - cluster: %s
                  region: %s
                  trust-domain: %s
                  identities: %s
                  addresses: %s
                  networks: %s
                """.formatted(
                        it.cluster(),
                        it.region(),
                        it.trustDomain(),
                        texts(it.identities()),
                        texts(it.addresses()),
                        texts(it.networks()));
    }

    private static String texts(Collection<?> of) {
        return of.stream().map(it -> "\"" + it + "\"").sorted().collect(Collectors.joining(", ", "[", "]"));
    }

    private static String domain(JoinRules.Handover it, JoinSide.Bundle bundle) {
        return """
                - trust-domain: %s
                  url: %s
                  %s
                """.formatted(
                it.about().trustDomain(),
                bundle.url(),
                bundle.endpoint()
                        .map(id -> "https-spiffe: {id: " + id + ", bootstrap: "
                                + it.about().cluster() + ".json}   # made there, once: beringia trust bundle export")
                        .orElse("https-web: {}"));
    }

    /** @param applied what became of each PeerCluster, in the order of the plan */
    static ObjectNode json(JoinRules.Plan plan, Collection<String> applied) {
        ObjectNode all = JsonNodeFactory.instance.objectNode().put("fits", !plan.isWrong());
        ArrayNode findings = all.putArray("findings");
        plan.findings()
                .forEach(it -> findings.addObject()
                        .put("topic", it.topic())
                        .put("severity", mark(it.severity()).toLowerCase(Locale.ROOT))
                        .put("detail", it.detail()));
        ArrayNode sides = all.putArray("handovers");
        var outcome = applied.iterator();
        for (JoinRules.Handover it : plan.handovers()) {
            ObjectNode side = sides.addObject()
                    .put("to", it.to().cluster().name())
                    .put("about", it.about().cluster().name())
                    .put("peer-cluster", PeerClusterJoin.manifest(it.about().cluster()))
                    .put("applied", outcome.next());
            it.peer().ifPresent(peer -> side.put("peer", peer(peer)));
            it.bundle().ifPresent(bundle -> side.put("trust", domain(it, bundle)));
        }
        return all;
    }
}
