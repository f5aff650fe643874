package io.beringia.discovery;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.LoadBalancing;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.hosts.HostsConfig;
import io.beringia.discovery.mcs.McsConfig;
import io.beringia.discovery.merge.StalePolicy;
import io.beringia.discovery.peering.PeerConfig;
import io.beringia.discovery.peering.PeerLimits;
import io.beringia.discovery.plan.PlanConfig;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The role {@code discovery}: what is where, for one cluster. Inert.
 *
 * @param clusterDomain the DNS domain of its services, such as {@code cluster.local}
 * @param kube where its API is; without one it has nothing of its own, as a witness has
 * @param xds where proxies and gateways come for their catalog; port 0 takes a free one
 * @param peering where peers, observers and controllers come; port 0 takes a free one
 * @param gateways its own gateways
 * @param exports whom a service goes to that is offered to others
 * @param peers the other clusters of the federation
 * @param peerWait for how long after the start nobody is told anything while a peer was not heard of
 * @param planFrom where the leader's plan is; without one nobody may follow what this site has seen
 * @param clusterset its part in the Multi-Cluster Services API; without it nothing of that is written or answered
 * @param keeping where it keeps what it knows over restarts; without it a start waits for its API and its peers
 * @param operators who may be shown all that it knows, and tell it that a cluster is gone, exactly
 * @param stale what becomes of clusters that fell silent
 * @param limits how much each peer may say
 * @param hosts what becomes of what hosts of WorkloadEntries say of themselves; without it nothing is written of it
 */
public record DiscoveryConfig(
        RegionId region,
        ClusterId cluster,
        Network network,
        TrustDomain trustDomain,
        String clusterDomain,
        Optional<Kube> kube,
        InetSocketAddress xds,
        InetSocketAddress peering,
        Gateways gateways,
        Exports exports,
        List<PeerConfig> peers,
        Duration peerWait,
        Optional<PlanConfig> planFrom,
        Optional<Clusterset> clusterset,
        Optional<Keeping> keeping,
        Set<SpiffeId> operators,
        Stale stale,
        PeerLimits limits,
        Optional<HostsConfig> hosts) {
    /** Long enough for a handshake and a full transfer; clients meanwhile keep what they have. */
    public static final Duration DEFAULT_PEER_WAIT = Duration.ofSeconds(10);

    private static final Duration PEER_WAIT_MAX = Duration.ofMinutes(10);

    public DiscoveryConfig {
        peers = List.copyOf(peers);
        operators = Set.copyOf(operators);
        if (clusterDomain.isEmpty()) {
            throw new IllegalArgumentException("discovery.cluster-domain: \"\" (expected: such as cluster.local)");
        }
        if (peerWait.isNegative() || peerWait.compareTo(PEER_WAIT_MAX) > 0) {
            throw new IllegalArgumentException(
                    "discovery.peer-wait: " + peerWait + " (expected: 0s to " + PEER_WAIT_MAX + ")");
        }
        if (peers.stream().map(PeerConfig::cluster).distinct().count() != peers.size()
                || peers.stream().anyMatch(peer -> peer.cluster().equals(cluster))) {
            throw new IllegalArgumentException("discovery.peers: "
                    + peers.stream().map(peer -> peer.cluster().name()).toList()
                    + " (expected: each other cluster once)");
        }
        if (clusterset.isPresent() && kube.isEmpty()) {
            throw new IllegalArgumentException(
                    "discovery.clusterset: without discovery.kube (expected: an API to write to)");
        }
        if (hosts.isPresent() && kube.isEmpty()) {
            throw new IllegalArgumentException(
                    "discovery.hosts: without discovery.kube (expected: an API to write to)");
        }
    }

    /**
     * The Multi-Cluster Services API and its names.
     *
     * @param dns where names are asked for, by UDP and TCP; port 0 takes one that is free for both
     */
    public record Clusterset(McsConfig mcs, InetSocketAddress dns) {}

    /**
     * What is kept over restarts.
     *
     * @param maxAge beyond which it is of no use
     */
    public record Keeping(Path directory, Duration maxAge) {
        public static final Duration DEFAULT_MAX_AGE = Duration.ofHours(24);

        private static final Duration LONGEST = Duration.ofDays(30);

        public Keeping {
            if (maxAge.compareTo(Duration.ofMinutes(1)) < 0 || maxAge.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "discovery.snapshot.max-age: " + maxAge + " (expected: PT1M to " + LONGEST + ")");
            }
        }
    }

    /**
     * Clusters that fell silent.
     *
     * @param policy what our own clients are told of one without any sign of life for longer than its lease
     * @param budget after which somebody is told that what is known of one is old
     */
    public record Stale(StalePolicy policy, Duration budget) {
        private static final Duration BUDGET_MIN = Duration.ofSeconds(10);

        public static final Stale DEFAULT = new Stale(StalePolicy.KEEP, Duration.ofMinutes(15));

        public Stale {
            if (budget.compareTo(BUDGET_MIN) < 0) {
                throw new IllegalArgumentException(
                        "discovery.stale.budget: " + budget + " (expected: at least " + BUDGET_MIN + ")");
            }
        }
    }

    /** The other clusters' names. */
    Set<ClusterId> peerClusters() {
        return peers.stream().map(PeerConfig::cluster).collect(Collectors.toSet());
    }

    /** Those of them that have something to export; a witness has not. */
    Set<ClusterId> exporters() {
        return peers.stream()
                .filter(peer -> !peer.networks().isEmpty())
                .map(PeerConfig::cluster)
                .collect(Collectors.toSet());
    }

    /**
     * The API of the own cluster.
     *
     * @param kubeconfig how to reach it
     * @param plainHttp allows a server without TLS, and one on loopback: labs only
     * @param rootNamespace Istio policies in it are for all namespaces
     */
    public record Kube(Path kubeconfig, boolean plainHttp, String rootNamespace) {
        /** Istio's own. */
        public static final String DEFAULT_ROOT_NAMESPACE = "istio-system";

        public Kube {
            if (rootNamespace.isEmpty()) {
                throw new IllegalArgumentException(
                        "discovery.kube.root-namespace: \"\" (expected: a namespace, such as istio-system)");
            }
        }
    }

    /**
     * Gateways of the own cluster.
     *
     * @param service that selects them; its port 15008 leads to {@code hbone}, 15018 to {@code relay}
     * @param identities who they are, exactly; whoever shows another one is no gateway
     * @param relay whether proxies go through them; else proxies dial the gateways of other networks
     */
    public record Gateways(ServiceName service, Set<SpiffeId> identities, boolean relay) {
        public Gateways {
            identities = Set.copyOf(identities);
        }
    }

    /**
     * What the label {@code istio.io/global=true} means; an annotation may narrow it.
     *
     * @param toClusterset to every peer; else to nobody
     * @param systemNamespaces those of Kubernetes, Istio and ourselves that may export all the same
     * @param unsaid where our clients of such a service go whose author asked for nothing: to their own region first, or
     *     anywhere by capacity
     */
    public record Exports(boolean toClusterset, Set<String> systemNamespaces, LoadBalancing unsaid) {
        public static final Exports DEFAULT = new Exports(true, Set.of(), LoadBalancing.LOCAL_FIRST);

        public Exports {
            systemNamespaces = Set.copyOf(systemNamespaces);
        }
    }
}
