package io.beringia.gateway.routing;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.PathState;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.gateway.observe.PathTable;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Where one CONNECT goes. Pure: whoever asks brings the catalog, the paths and the randomness of this one decision.
 *
 * <p>The {@code hbone} listener delivers and never forwards; the {@code relay} listener forwards and delivers only as a
 * last resort. So a tunnel crosses at most one border.
 */
public final class TunnelRouter {
    private static final String FROM_WAYPOINT = "waypoint";

    private TunnelRouter() {}

    /** Any thread. Whatever is not known and allowed is refused. */
    public static Routing route(
            Self self,
            ListenerRole role,
            Catalog catalog,
            PathTable paths,
            PeerIdentity peer,
            ConnectRequest request,
            RandomGenerator random) {
        return switch (AccessRules.judge(self, role, catalog, peer, request)) {
            case AccessRules.Access.Denied denied -> new Routing.Refuse(denied.why(), denied.detail());
            case AccessRules.Access.Allowed _ ->
                switch (role) {
                    case HBONE -> terminate(self, catalog, peer, request, random);
                    case RELAY -> relay(self, catalog, paths, peer, request, random);
                };
        };
    }

    /**
     * Any thread. What of the request's headers goes on to the next gateway: all of it, but {@code x-istio-source} only
     * from somebody who may say it, since the next gateway believes it from us.
     */
    public static Carried passedOn(Catalog catalog, PeerIdentity peer, ConnectRequest request) {
        RelayTarget target = catalog.relayTargets().get(request.authority().host());
        return target != null && isPastWaypoint(catalog, target.service(), peer, request)
                ? request.carried()
                : request.carried().withoutIstioSource();
    }

    private static Routing terminate(
            Self self, Catalog catalog, PeerIdentity peer, ConnectRequest request, RandomGenerator random) {
        ExportedAuthority exported = catalog.exported().get(request.authority().host());
        if (exported == null) {
            return new Routing.Refuse(
                    Refusal.UNKNOWN_SERVICE, "service: " + request.authority() + " (expected: exported)");
        }
        return switch (endpoints(self, catalog, exported.service(), peer, request, random)) {
            case LocalEndpoints.Found.Some some -> new Routing.Deliver(some.candidates());
            case LocalEndpoints.Found.None none -> new Routing.Refuse(none.why(), none.detail());
        };
    }

    private static Routing relay(
            Self self,
            Catalog catalog,
            PathTable paths,
            PeerIdentity peer,
            ConnectRequest request,
            RandomGenerator random) {
        RelayTarget target = catalog.relayTargets().get(request.authority().host());
        if (target == null) {
            return new Routing.Refuse(
                    Refusal.UNKNOWN_SERVICE, "service: " + request.authority() + " (expected: a relay target)");
        }
        List<Candidate.Gateway> gateways = RemoteGateways.order(
                self, catalog, paths, target, request.authority().port(), random);
        List<Candidate.Backend> own = isMovedAway(self, catalog, target)
                ? List.of()
                : switch (endpoints(self, catalog, target.service(), peer, request, random)) {
                    case LocalEndpoints.Found.Some some -> some.candidates();
                    case LocalEndpoints.Found.None _ -> List.of();
                };
        List<Candidate> candidates = lastResortLast(gateways, own);
        return candidates.isEmpty()
                ? new Routing.Refuse(
                        Refusal.NO_ENDPOINT,
                        "regions: none for " + target.service()
                                + " (expected: one with capacity and a healthy gateway)")
                : new Routing.Forward(candidates, target.onFailure());
    }

    /** A path that is DOWN is left out, unless it is all there is: a wrong verdict must not become an outage. */
    private static List<Candidate> lastResortLast(List<Candidate.Gateway> gateways, List<Candidate.Backend> own) {
        List<Candidate> candidates = new ArrayList<>();
        gateways.stream().filter(gateway -> gateway.path() != PathState.DOWN).forEach(candidates::add);
        candidates.addAll(own);
        return candidates.isEmpty() ? List.copyOf(gateways) : candidates;
    }

    /** The plan took the service, or all traffic, away from here on purpose. */
    private static boolean isMovedAway(Self self, Catalog catalog, RelayTarget target) {
        ClusterState here = catalog.clusters().get(self.cluster());
        return (here != null && !here.status().isAllowed()) || AccessRules.isServedElsewhere(self, target);
    }

    private static LocalEndpoints.Found endpoints(
            Self self,
            Catalog catalog,
            ServiceName service,
            PeerIdentity peer,
            ConnectRequest request,
            RandomGenerator random) {
        return LocalEndpoints.find(
                self,
                catalog,
                service,
                request.authority().port(),
                isPastWaypoint(catalog, service, peer, request),
                random);
    }

    /** Believed from the service's own waypoint, and from a gateway, which checked the same; else L7 policy could be passed by. */
    private static boolean isPastWaypoint(
            Catalog catalog, ServiceName service, PeerIdentity peer, ConnectRequest request) {
        return request.carried().istioSource().filter(FROM_WAYPOINT::equals).isPresent()
                && (request.vouched().isPresent() || LocalEndpoints.isWaypointOf(catalog, service, peer.id()));
    }
}
