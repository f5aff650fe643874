package io.beringia.gateway.routing;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.List;
import java.util.Optional;

/**
 * Who may ask for which service. Pure; default deny; names are compared as exact texts, never as patterns. Asked when a
 * tunnel opens, and again for every live one when the catalog changes.
 *
 * <p>A gateway sees the outer tunnel only: who may talk to the workload is for the inner one to say.
 */
public final class AccessRules {
    private AccessRules() {}

    /** May it. */
    public sealed interface Access {
        record Allowed() implements Access {}

        /** {@code detail} is escaped and for people. */
        record Denied(Refusal why, String detail) implements Access {}
    }

    private static final Access ALLOWED = new Access.Allowed();

    /**
     * Any thread. Who has no business at this listener at all, whatever it asks: a gateway at the one for workloads. Its
     * request is not even read, so that no header of it can make two gateways send a tunnel in a circle.
     */
    public static Optional<Access.Denied> atTheDoor(ListenerRole role, Catalog catalog, PeerIdentity peer) {
        boolean astray = switch (role) {
            case HBONE -> false;
            case RELAY -> !catalog.gatewaysOf(peer.id()).isEmpty();
        };
        return astray
                ? Optional.of(denied(peer.id() + " (expected: a workload, gateways use the other listener)"))
                : Optional.empty();
    }

    /**
     * Any thread. Whether a tunnel that was allowed once must end. What we export is for our own discovery to say, so
     * what is gone from there is a no; a service elsewhere that is missing may only be out of sight, and the gateway over
     * there has its own word on it.
     */
    public static boolean endsLive(ListenerRole role, Catalog catalog, Access.Denied denied) {
        return denied.why() == Refusal.NOT_ALLOWED || (role == ListenerRole.HBONE && catalog.revision() > 0);
    }

    /** Any thread. */
    public static Access judge(
            Self self, ListenerRole role, Catalog catalog, PeerIdentity peer, ConnectRequest request) {
        return switch (role) {
            case HBONE -> terminated(self, catalog, peer, request);
            case RELAY -> relayed(self, catalog, peer, request);
        };
    }

    /** Our own cluster is told to serve nobody: whoever asks us all the same follows an older plan. */
    static boolean isServedElsewhere(Self self, RelayTarget target) {
        return target.parts().stream()
                .anyMatch(part ->
                        part.cluster().equals(self.cluster()) && part.share().orElse(1) == 0);
    }

    private static Access terminated(Self self, Catalog catalog, PeerIdentity peer, ConnectRequest request) {
        Optional<ExportedAuthority> exported =
                Optional.ofNullable(catalog.exported().get(request.authority().host()));
        if (exported.isEmpty()) {
            return unknown(request.authority());
        }
        List<GatewayAddress> gateways = catalog.gatewaysOf(peer.id());
        if (gateways.isEmpty() != request.vouched().isEmpty()) {
            return denied(peer.id() + " (expected: a gateway vouches for its client, and nobody else does)");
        }
        return request.vouched()
                .map(vouched -> vouchedFor(catalog, exported.get(), peer, gateways, vouched))
                .or(() -> Optional.of(direct(catalog, exported.get(), peer)))
                .filter(access -> access instanceof Access.Denied)
                .orElseGet(() -> here(self, catalog, exported.get(), request));
    }

    /** A service with a single writer is served in one region: not even what was open before stays in another. */
    private static Access here(Self self, Catalog catalog, ExportedAuthority exported, ConnectRequest request) {
        return Optional.ofNullable(
                                catalog.relayTargets().get(request.authority().host()))
                        .filter(target -> isServedElsewhere(self, target))
                        .isPresent()
                ? new Access.Denied(
                        Refusal.NO_ENDPOINT,
                        "service: " + exported.service() + " (expected: asked for where it is served)")
                : port(exported.ports().contains(request.authority().port()), request.authority());
    }

    /** A gateway speaks for clients of its own cluster only, and only for names of that cluster's trust domains. */
    private static Access vouchedFor(
            Catalog catalog,
            ExportedAuthority exported,
            PeerIdentity peer,
            List<GatewayAddress> gateways,
            Vouched vouched) {
        boolean own = gateways.stream()
                .anyMatch(gateway -> gateway.cluster().equals(vouched.originCluster())
                        && gateway.region().equals(vouched.originRegion())
                        && gateway.network().equals(vouched.originNetwork()));
        if (!own || !isIssuedBy(peer, vouched.originCluster())) {
            return denied(peer.id() + " speaks for " + vouched.originCluster() + " in " + vouched.originRegion()
                    + " (expected: its own cluster, region and network)");
        }
        return client(catalog, exported, vouched.source(), List.of(vouched.originCluster()));
    }

    /** Where the issuer names no cluster, any consumer of the client's trust domain may be the one it is from. */
    private static Access direct(Catalog catalog, ExportedAuthority exported, PeerIdentity peer) {
        List<ClusterId> from = exported.consumers().stream()
                .filter(cluster -> isIssuedBy(peer, cluster))
                .toList();
        return client(catalog, exported, peer.id(), from);
    }

    private static Access client(Catalog catalog, ExportedAuthority exported, SpiffeId client, List<ClusterId> from) {
        boolean consumer = from.stream()
                .anyMatch(cluster ->
                        exported.consumers().contains(cluster) && isOf(catalog, cluster, client.trustDomain()));
        if (!consumer || !(exported.clients().isEmpty() || exported.clients().contains(client))) {
            return denied(
                    client + " from " + from + " (expected: a client to whom " + exported.service() + " is exported)");
        }
        return ALLOWED;
    }

    private static Access relayed(Self self, Catalog catalog, PeerIdentity peer, ConnectRequest request) {
        Optional<Access.Denied> astray = atTheDoor(ListenerRole.RELAY, catalog, peer);
        if (astray.isPresent() || request.vouched().isPresent()) {
            return astray.orElseGet(() -> denied(peer.id() + " vouches (expected: a workload, which asks for itself)"));
        }
        if (!catalog.isResident(peer.id(), self.network()) || !isIssuedInNetwork(self, catalog, peer)) {
            return denied(peer.id() + " (expected: a workload of network " + self.network() + ")");
        }
        Optional<RelayTarget> target = Optional.ofNullable(
                catalog.relayTargets().get(request.authority().host()));
        return target.map(found -> relayed(found, peer.id(), request.authority()))
                .orElseGet(() -> unknown(request.authority()));
    }

    private static Access relayed(RelayTarget target, SpiffeId client, Authority authority) {
        if (!target.clients().isEmpty() && !target.clients().contains(client)) {
            return denied(client + " (expected: a client of " + target.service() + ")");
        }
        return port(target.parts().stream().anyMatch(part -> part.ports().contains(authority.port())), authority);
    }

    private static boolean isIssuedBy(PeerIdentity peer, ClusterId cluster) {
        return peer.cluster().map(cluster.name()::equals).orElse(true);
    }

    private static boolean isIssuedInNetwork(Self self, Catalog catalog, PeerIdentity peer) {
        return peer.cluster()
                .map(issuer -> catalog.clusters().values().stream()
                        .anyMatch(state -> state.cluster().name().equals(issuer)
                                && state.network().equals(self.network())))
                .orElse(true);
    }

    private static boolean isOf(Catalog catalog, ClusterId cluster, TrustDomain trustDomain) {
        ClusterState state = catalog.clusters().get(cluster);
        return state != null && state.trustDomains().contains(trustDomain);
    }

    private static Access port(boolean known, Authority authority) {
        return known
                ? ALLOWED
                : new Access.Denied(
                        Refusal.BAD_AUTHORITY, "port: " + authority + " (expected: a port of that service)");
    }

    private static Access unknown(Authority authority) {
        return new Access.Denied(
                Refusal.UNKNOWN_SERVICE, "service: " + authority + " (expected: one that this listener serves)");
    }

    private static Access.Denied denied(String detail) {
        return new Access.Denied(Refusal.NOT_ALLOWED, "client: " + detail);
    }
}
