package io.beringia.gateway.routing;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.gateway.observe.PathTable;
import java.util.random.RandomGenerator;

/** Where one CONNECT goes. Pure: whoever asks brings the catalog, the paths and the randomness of this one decision. */
public final class TunnelRouter {
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
        return new Routing.Refuse(
                Refusal.UNKNOWN_SERVICE, "service: " + request.authority() + " (expected: one of ours)");
    }
}
