package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.ClusterState;
import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.discovery.catalog.RelayTarget;
import io.beringia.gateway.routing.AddressRules;
import io.beringia.gateway.routing.Self;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Who is to be looked at: every gateway of the other regions, and those beside us in our own cluster. Pure. */
final class Horizon {
    /** Gateways under watch: siblings and then the first by region and name; any other one is taken for UP. */
    static final int GATEWAYS_MAX = 1_000;

    private Horizon() {}

    static Map<Sighting.Path, Look> of(Self self, Catalog catalog) {
        List<RelayTarget> probes = ProbeTarget.known(catalog);
        Stream<Look> siblings = gateways(self, catalog, state -> state.cluster().equals(self.cluster()))
                .filter(gateway -> !gateway.name().equals(self.gateway()))
                .map(gateway -> new Look(gateway, true, Optional.empty()));
        Stream<Look> others = gateways(self, catalog, state -> !state.region().equals(self.region()))
                .map(gateway -> new Look(gateway, false, ProbeTarget.behind(gateway, catalog, probes)));
        Map<Sighting.Path, Look> looks = new LinkedHashMap<>();
        Stream.concat(siblings, others)
                .limit(GATEWAYS_MAX)
                .forEach(look -> looks.put(Sighting.Path.to(look.gateway()), look));
        return looks;
    }

    private static Stream<GatewayAddress> gateways(Self self, Catalog catalog, Where where) {
        return catalog.clusters().values().stream()
                .filter(where::isIt)
                .flatMap(state -> state.gateways().stream())
                .filter(gateway -> AddressRules.refusal(self, catalog, gateway).isEmpty())
                .sorted(Comparator.comparing(
                                (GatewayAddress gateway) -> gateway.region().toString())
                        .thenComparing(GatewayAddress::name));
    }

    private interface Where {
        boolean isIt(ClusterState state);
    }
}
