package io.beringia.discovery.xds;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.kube.Reviewed;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a client is what it says, by what it proves. A node id alone proves nothing. Pure.
 *
 * @param gateways identities of the gateways of our own cluster
 */
record AdmissionRules(ClusterId own, Network network, Set<SpiffeId> gateways) {
    /** What Istio calls the cluster of which nobody said a name. */
    private static final String ALIAS = "Kubernetes";

    AdmissionRules {
        gateways = Set.copyOf(gateways);
    }

    /** Whether the node and its headers speak of our cluster and network, as far as they say. */
    Optional<Admission.Verdict.Refused> strayed(NodeClaim node, List<String> clusterHeaders) {
        if (clusterHeaders.size() > 1) {
            return Optional.of(strayed("clusterid", clusterHeaders.toString(), own + ", or none"));
        }
        return clusterHeaders.stream()
                .filter(name -> !name.isEmpty() && !isOwn(name))
                .findFirst()
                .map(name -> strayed("clusterid", name, own + ", by CLUSTER_ID of the ztunnel"))
                .or(() -> node.claim(NodeClaim.CLUSTER_ID)
                        .filter(name -> !isOwn(name))
                        .map(name -> strayed("CLUSTER_ID", name, own.name())))
                .or(() -> node.claim(NodeClaim.NETWORK)
                        .filter(name -> !name.equals(network.name()))
                        .map(name -> strayed("NETWORK", name, network.name())));
    }

    private static Admission.Verdict.Refused strayed(String what, String said, String expected) {
        return refused(Admission.Refusal.OTHER_CLUSTER, what + ": " + said + " (expected: " + expected + ")");
    }

    private boolean isOwn(String cluster) {
        return cluster.equals(own.name()) || cluster.equals(ALIAS);
    }

    /** A token of the namespace, account and pod that the node names. */
    Optional<Admission.Verdict.Refused> ofZtunnel(NodeClaim node, Reviewed token) {
        return switch (token) {
            case Reviewed.Unavailable silent -> Optional.of(refused(Admission.Refusal.UNAVAILABLE, silent.why()));
            case Reviewed.Refused bad -> Optional.of(refused(Admission.Refusal.BAD_TOKEN, bad.why()));
            case Reviewed.Account account
            when account.namespace().equals(node.namespace())
                    && account.pod().map(node.pod()::equals).orElse(true)
                    && node.claim(NodeClaim.SERVICE_ACCOUNT)
                            .map(account.name()::equals)
                            .orElse(true) -> Optional.empty();
            case Reviewed.Account account ->
                Optional.of(refused(
                        Admission.Refusal.OTHER_ACCOUNT,
                        node.pod() + "." + node.namespace() + " (expected: a node of " + account.namespace() + "/"
                                + account.name() + ")"));
        };
    }

    /** An identity of a gateway, issued for our cluster: other clusters may use the same accounts. */
    Optional<Admission.Verdict.Refused> ofGateway(PeerVerdict.Verified peer) {
        return foreign(peer)
                .or(() -> gateways.contains(peer.id())
                        ? Optional.empty()
                        : Optional.of(refused(
                                Admission.Refusal.NOT_A_GATEWAY, peer.id().toString())));
    }

    /** The identity of the workload that it names, in what we know of our own cluster. */
    Optional<Admission.Verdict.Refused> ofHost(NodeClaim node, PeerVerdict.Verified peer, Catalog known) {
        if (known.revision() == 0) {
            return Optional.of(refused(Admission.Refusal.UNAVAILABLE, "nothing is known of our own cluster yet"));
        }
        Optional<Workload> named = Optional.ofNullable(known.workloads()
                .get(hostClaim(node, peer)
                        .map(host -> host.uid(own))
                        .orElse(own + "//Pod/" + node.namespace() + "/" + node.pod())));
        return foreign(peer)
                .or(() -> named.isPresent()
                        ? Optional.empty()
                        : Optional.of(refused(Admission.Refusal.UNKNOWN_WORKLOAD, node.namespace() + "/" + node.pod())))
                .or(() -> named.filter(it -> !isOf(it, peer.id()))
                        .map(it -> refused(
                                Admission.Refusal.OTHER_ACCOUNT,
                                peer.id() + " (expected: account \"" + it.serviceAccount() + "\", that of " + it.uid()
                                        + ")")));
    }

    /** An entry may have no account: nobody can prove to be that. */
    private static boolean isOf(Workload workload, SpiffeId id) {
        return !workload.serviceAccount().isEmpty() && workload.identity().equals(id);
    }

    /** Which WorkloadEntry a host is, if it says so; one without stands for a pod. Only its own name is believed. */
    static Optional<HostClaim> hostClaim(NodeClaim node, PeerVerdict.Verified peer) {
        return node.claim(NodeClaim.WORKLOAD_ENTRY)
                .filter(node.pod()::equals)
                .map(entry -> new HostClaim(node.namespace(), entry, peer.id(), node.address()));
    }

    /** Fails closed: an intermediate that names no cluster might belong to any. */
    private Optional<Admission.Verdict.Refused> foreign(PeerVerdict.Verified peer) {
        return peer.cluster().equals(Optional.of(own.name()))
                ? Optional.empty()
                : Optional.of(refused(
                        Admission.Refusal.OTHER_CLUSTER,
                        peer.id() + " of " + peer.cluster().orElse("no named cluster") + " (expected: " + own + ")"));
    }

    static Admission.Verdict.Refused refused(Admission.Refusal why, String detail) {
        return new Admission.Verdict.Refused(why, detail);
    }
}
