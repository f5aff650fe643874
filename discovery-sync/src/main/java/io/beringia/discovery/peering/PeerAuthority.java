package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.merge.ClustersetName;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.peering.proto.Hello;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * May this peer say that: who it is, and only of itself, its region, its networks and its identities. Whoever takes over
 * a peer's control plane can thus lie about that peer's services, and about nobody else's. Pure. Any thread.
 *
 * @param clusterset the federation that we are in
 * @param probe imported from every peer, whatever namespaces exist here
 */
public record PeerAuthority(PeerConfig peer, String clusterset, ProbeName probe, PeerLimits limits) {
    /** The only version there is. */
    static final int PROTOCOL = 1;

    /** Why a link of this identity is not one to the peer; empty if it is. */
    public Optional<PeerRefusal.OfLink> refusalOf(PeerVerdict.Verified caller) {
        if (!caller.id().trustDomain().equals(peer.trustDomain())) {
            return Optional.of(new PeerRefusal.ForeignTrustDomain(caller.id(), peer.trustDomain()));
        }
        if (!peer.identities().contains(caller.id())) {
            return Optional.of(new PeerRefusal.UnexpectedIdentity(caller.id()));
        }
        return isMarked(caller)
                ? Optional.empty()
                : Optional.of(new PeerRefusal.ForeignClusterMark(caller.cluster(), peer.cluster()));
    }

    private boolean isMarked(PeerVerdict.Verified caller) {
        return switch (peer.mark()) {
            case REQUIRED -> caller.cluster().equals(Optional.of(peer.cluster().name()));
            case OPTIONAL -> caller.cluster().map(peer.cluster().name()::equals).orElse(true);
        };
    }

    /** Why these words do not open a link to the peer; empty if they do. */
    public Optional<PeerRefusal.OfLink> refusalOf(Hello hello) {
        if (!hello.getClusterId().equals(peer.cluster().name())) {
            return Optional.of(new PeerRefusal.UnknownPeer(hello.getClusterId()));
        }
        if (!hello.getClusterset().equals(clusterset)) {
            return Optional.of(new PeerRefusal.OtherClusterset(hello.getClusterset(), clusterset));
        }
        return hello.getProtocolMin() <= PROTOCOL && PROTOCOL <= hello.getProtocolMax()
                ? Optional.empty()
                : Optional.of(
                        new PeerRefusal.UnknownProtocol(hello.getProtocolMin(), hello.getProtocolMax(), PROTOCOL));
    }

    /** Those of the namespaces that exist here into which the peer may export: it is asked for no others. */
    Set<String> admitted(Set<String> here) {
        return peer.namespaces().isEmpty()
                ? here
                : here.stream().filter(peer.namespaces()::contains).collect(Collectors.toSet());
    }

    /** What it said, and a gateway where an operator says that it is dialled. */
    PeerResource asReached(PeerResource said) {
        return said instanceof PeerResource.OfGateway(GatewayAddress gateway)
                ? new PeerResource.OfGateway(
                        gateway.at(peer.gateways().getOrDefault(gateway.name(), gateway.address())))
                : said;
    }

    /**
     * Why the peer may not say this; empty if it may.
     *
     * @param namespaces those for which it was asked
     */
    public Optional<PeerRefusal.OfResource> refusalOf(PeerResource said, Set<String> namespaces) {
        if (!said.cluster().equals(peer.cluster())) {
            return Optional.of(new PeerRefusal.SpeaksForAnother(said.cluster(), peer.cluster()));
        }
        return switch (said) {
            case PeerResource.OfService it -> refusalOf(it, namespaces);
            case PeerResource.OfEndpoints it -> refusalOf(it, namespaces);
            case PeerResource.OfGateway it -> refusalOf(it);
            case PeerResource.OfCluster it -> refusalOf(it);
        };
    }

    private Optional<PeerRefusal.OfResource> refusalOf(PeerResource.OfService said, Set<String> namespaces) {
        Export export = said.export();
        if (!namespaces.contains(export.service().namespace()) && !probe.is(export.service())) {
            return Optional.of(new PeerRefusal.NotAskedFor(export.service()));
        }
        if (!isNamedByItsNamespace(export.service())) {
            return Optional.of(new PeerRefusal.ForeignHostname(export.service()));
        }
        Optional<PeerRefusal.OfResource> tooMuch = tooMuch(export);
        if (tooMuch.isPresent()) {
            return tooMuch;
        }
        Optional<SpiffeId> foreign = Stream.concat(
                        export.identities().stream().filter(identity -> !isOf(identity, export.service())),
                        export.guard().waypoint().stream()
                                .filter(identity -> !isWaypointOf(identity, export.service())))
                .min(SpiffeId::compareTo);
        return foreign.<PeerRefusal.OfResource>map(it -> new PeerRefusal.ForeignIdentity(it, export.service()))
                .or(() -> unlisted(said.networks()));
    }

    /** Their addresses go to our clients as they are: only in a network that the peer may claim. */
    private Optional<PeerRefusal.OfResource> refusalOf(PeerResource.OfEndpoints said, Set<String> namespaces) {
        if (!namespaces.contains(said.service().namespace())) {
            return Optional.of(new PeerRefusal.NotAskedFor(said.service()));
        }
        if (!isNamedByItsNamespace(said.service()) || !ClustersetName.is(said.service())) {
            return Optional.of(new PeerRefusal.ForeignHostname(said.service()));
        }
        if (said.slice().endpoints().size() > limits.sliceEndpoints()) {
            return Optional.of(new PeerRefusal.TooMany("slice-endpoints", limits.sliceEndpoints()));
        }
        return said.slice().ports().size() > limits.ports()
                ? Optional.of(new PeerRefusal.TooMany("ports", limits.ports()))
                : unlisted(Set.of(said.network()));
    }

    /** Clients ask by hostname: that of another namespace would be another's service. */
    private static boolean isNamedByItsNamespace(ServiceName service) {
        int dot = service.hostname().indexOf('.');
        return dot > 0 && service.hostname().startsWith(service.namespace() + ".svc.", dot + 1);
    }

    private Optional<PeerRefusal.OfResource> tooMuch(Export export) {
        if (export.identities().size() + export.guard().waypoint().size() > limits.identities()) {
            return Optional.of(new PeerRefusal.TooMany("identities", limits.identities()));
        }
        int mcsPorts = export.mcs().map(mcs -> mcs.ports().size()).orElse(0);
        if (Math.max(export.ports().size(), mcsPorts) > limits.ports()) {
            return Optional.of(new PeerRefusal.TooMany("ports", limits.ports()));
        }
        double ready =
                export.capacities().stream().mapToDouble(Export.Capacity::ready).sum();
        return ready > limits.endpoints()
                ? Optional.of(new PeerRefusal.TooMany("endpoints", limits.endpoints()))
                : Optional.empty();
    }

    /** In another namespace it would be one more name that may answer for somebody else's service. */
    private boolean isOf(SpiffeId identity, ServiceName service) {
        return identity.trustDomain().equals(peer.trustDomain())
                && identity.serviceAccount()
                        .filter(account -> account.namespace().equals(service.namespace()))
                        .isPresent();
    }

    /** An operator may allow waypoints of other namespaces. */
    private boolean isWaypointOf(SpiffeId identity, ServiceName service) {
        return isOf(identity, service)
                || identity.trustDomain().equals(peer.trustDomain())
                        && identity.serviceAccount()
                                .filter(account -> peer.waypointNamespaces().contains(account.namespace()))
                                .isPresent();
    }

    private Optional<PeerRefusal.OfResource> refusalOf(PeerResource.OfGateway said) {
        SpiffeId identity = said.gateway().identity();
        if (!identity.trustDomain().equals(peer.trustDomain())) {
            return Optional.of(new PeerRefusal.ForeignGateway(identity, peer.trustDomain()));
        }
        return said.gateway().region().equals(peer.region())
                ? unlisted(Set.of(said.gateway().network()))
                : Optional.of(new PeerRefusal.ForeignRegion(said.gateway().region(), peer.region()));
    }

    private Optional<PeerRefusal.OfResource> refusalOf(PeerResource.OfCluster said) {
        if (!said.region().equals(peer.region())) {
            return Optional.of(new PeerRefusal.ForeignRegion(said.region(), peer.region()));
        }
        return foreign(said.trustDomains()).or(() -> unlisted(Set.of(said.network())));
    }

    private Optional<PeerRefusal.OfResource> foreign(Collection<TrustDomain> domains) {
        return domains.stream()
                .filter(domain -> !domain.equals(peer.trustDomain()))
                .min(TrustDomain::compareTo)
                .map(domain -> new PeerRefusal.UnlistedTrustDomain(domain, peer.trustDomain()));
    }

    /** Else a peer could claim our own network and put addresses into it. */
    private Optional<PeerRefusal.OfResource> unlisted(Collection<Network> networks) {
        return networks.stream()
                .filter(network -> !peer.networks().contains(network))
                .min(Network::compareTo)
                .map(PeerRefusal.UnlistedNetwork::new);
    }
}
