package io.beringia.cli;

import io.beringia.discovery.DiscoveryConfig;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.peering.PeerConfig;
import io.beringia.trust.TrustConfig;
import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One of two clusters that are to be joined: what the other one has to be told of it, and what it knows already.
 *
 * @param network empty for a witness, which exports nothing
 * @param identity who speaks for it; empty where its configuration does not say
 * @param address where its peers dial it; empty where it only listens on addresses that say nothing to others
 * @param roots those by which its own trust domain is judged; empty where they are not at hand
 * @param believed trust domains whose roots it has or gets
 * @param bundle where others get its roots; empty where it serves them nowhere
 * @param peers that it was told of before
 */
record JoinSide(
        ClusterId cluster,
        RegionId region,
        Optional<Network> network,
        TrustDomain trustDomain,
        Optional<SpiffeId> identity,
        Optional<String> address,
        Set<String> roots,
        Set<TrustDomain> believed,
        Optional<Bundle> bundle,
        List<PeerConfig> peers) {
    JoinSide {
        roots = Set.copyOf(roots);
        believed = Set.copyOf(believed);
        peers = List.copyOf(peers);
    }

    /**
     * Where its bundle is served.
     *
     * @param endpoint who answers there; empty for one that is known by its host name
     */
    record Bundle(String url, Optional<SpiffeId> endpoint) {}

    /**
     * What an operator says beside the configuration.
     *
     * @param address under which others reach it
     */
    record Said(Optional<SpiffeId> identity, Optional<String> address) {}

    /** {@link IllegalArgumentException} for a file without the role discovery, or with certificates that cannot be read. */
    static JoinSide of(Path file, RegionConfig config, Said said) {
        RegionConfig.Identified<DiscoveryConfig> role = config.discovery()
                .orElseThrow(() -> new IllegalArgumentException(
                        file + ": roles without discovery (expected: the role that peers)"));
        DiscoveryConfig discovery = role.config();
        Optional<String> address = said.address().or(() -> reachable(discovery.peering()));
        return new JoinSide(
                config.cluster(),
                config.region(),
                discovery.kube().map(it -> config.network()),
                discovery.trustDomain(),
                said.identity().or(() -> identity(role.identity())),
                address,
                roots(role.identity(), discovery.trustDomain()),
                believed(role.identity(), config.trust(), discovery.trustDomain()),
                config.trust().flatMap(trust -> bundle(trust, address)),
                discovery.peers());
    }

    private static Optional<String> reachable(InetSocketAddress listen) {
        return listen.getAddress().isAnyLocalAddress() || listen.getPort() == 0
                ? Optional.empty()
                : Optional.of(text(listen.getAddress().getHostAddress()) + ":" + listen.getPort());
    }

    private static String text(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    private static Optional<SpiffeId> identity(RegionConfig.IdentityFrom from) {
        return switch (from) {
            case RegionConfig.IdentityFrom.Trust trust -> trust.source().id();
            case RegionConfig.IdentityFrom.Files files ->
                Optional.of(files.files().id());
        };
    }

    private static Set<String> roots(RegionConfig.IdentityFrom from, TrustDomain domain) {
        Optional<Path> file = switch (from) {
            case RegionConfig.IdentityFrom.Trust trust ->
                Optional.of(trust.source().roots());
            case RegionConfig.IdentityFrom.Files files ->
                Optional.ofNullable(files.files().bundles().get(domain));
        };
        return file.stream()
                .flatMap(it -> CredentialFiles.roots(it).stream())
                .map(JoinSide::text)
                .collect(Collectors.toSet());
    }

    private static String text(X509Certificate root) {
        try {
            return Base64.getEncoder().encodeToString(root.getEncoded());
        } catch (CertificateEncodingException broken) {
            throw new IllegalArgumentException("root: " + broken.getMessage() + " (expected: a certificate)", broken);
        }
    }

    private static Set<TrustDomain> believed(
            RegionConfig.IdentityFrom from, Optional<TrustConfig> trust, TrustDomain own) {
        Set<TrustDomain> all = new HashSet<>(Set.of(own));
        if (from instanceof RegionConfig.IdentityFrom.Files files) {
            all.addAll(files.files().bundles().keySet());
        }
        trust.ifPresent(it -> all.addAll(it.federation().names()));
        return all;
    }

    /** On the host under which its discovery is reached. */
    private static Optional<Bundle> bundle(TrustConfig trust, Optional<String> address) {
        return trust.bundleEndpoint()
                .flatMap(served -> address.map(it -> new Bundle(
                        "https://" + it.substring(0, it.lastIndexOf(':')) + ":"
                                + served.listen().getPort() + served.path(),
                        served.endpoint(trust.id().trustDomain()))));
    }

    /** What the configuration of another cluster should say of it, if it is to be dialled or not. */
    PeerConfig asPeer(boolean isDialled) {
        return new PeerConfig(
                cluster,
                region,
                trustDomain,
                identity.stream().collect(Collectors.toSet()),
                isDialled ? address.stream().toList() : List.of(),
                network.stream().collect(Collectors.toSet()),
                PeerConfig.ClusterMark.REQUIRED);
    }

    /** What it was told of that one before. */
    Optional<PeerConfig> knows(JoinSide other) {
        return peers.stream()
                .filter(peer -> peer.cluster().equals(other.cluster()))
                .findFirst();
    }
}
