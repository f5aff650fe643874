package io.beringia.discovery.catalog;

import io.beringia.trust.identity.SpiffeId;
import java.util.List;
import java.util.Optional;

/** How a connection gets to its destination, as {@link EndpointChoice} found it. */
public sealed interface Way {
    /** A way that starts with an HBONE connection to somebody known. */
    sealed interface Tunnelled extends Way {
        /** The workload at the far end of the first TCP connection. */
        Workload dialled();

        Hop hop();

        /** Who may answer there, in order; never empty. */
        List<SpiffeId> expected();

        /** The service the application asked for, if it asked for one. */
        Optional<ServiceName> service();
    }

    /**
     * Single HBONE to the workload itself; the authority is the address that was dialled, with this target port.
     *
     * @param targetPort 1 to 65535
     */
    record Direct(Workload dialled, Hop hop, int targetPort, List<SpiffeId> expected, Optional<ServiceName> service)
            implements Tunnelled {
        public Direct {
            expected = List.copyOf(expected);
        }

        /** {@code :authority} of the CONNECT, once the hop has an address. */
        public String authority(IpAddress address) {
            return new SocketAddress(address, targetPort).toString();
        }
    }

    /** Single HBONE to a waypoint of the own network, which is told where the application wanted to go. */
    record ViaWaypoint(
            Workload dialled, Hop hop, String authority, List<SpiffeId> expected, Optional<ServiceName> service)
            implements Tunnelled {
        public ViaWaypoint {
            expected = List.copyOf(expected);
        }
    }

    /**
     * Double HBONE: an outer CONNECT to a gateway, an inner one to whoever the service's names allow.
     *
     * @param dialled the gateway
     * @param expected who may answer as the gateway
     * @param target the workload that was chosen, known only as "something of that service, over there"
     * @param authority {@code hostname:port} of the service, on both CONNECTs
     * @param innerExpected who may answer inside; never empty
     */
    record ViaGateway(
            Workload dialled,
            Hop hop,
            List<SpiffeId> expected,
            Workload target,
            ServiceName targetService,
            String authority,
            List<SpiffeId> innerExpected)
            implements Tunnelled {
        public ViaGateway {
            expected = List.copyOf(expected);
            innerExpected = List.copyOf(innerExpected);
        }

        @Override
        public Optional<ServiceName> service() {
            return Optional.of(targetService);
        }
    }

    /** Plain TCP: to a workload without HBONE, or past the mesh where nobody knows the address. */
    record Plain(Hop hop, Optional<Workload> workload) implements Way {}

    record None(Reason reason, String detail) implements Way {}

    /** Why there is no way. */
    enum Reason {
        /** No service of that hostname is visible to this client. */
        UNKNOWN_HOST("unknown-host"),
        /** The service has no endpoint that could serve this port now. */
        NO_HEALTHY_UPSTREAM("no-healthy-upstream"),
        /** The endpoint is in another network and names no gateway. */
        NO_NETWORK_GATEWAY("no-network-gateway"),
        /** The gateway it names is not in the catalog, or none of its workloads can serve. */
        UNKNOWN_NETWORK_GATEWAY("unknown-network-gateway"),
        /** The waypoint it names is not in the catalog, or none of its workloads can serve. */
        UNKNOWN_WAYPOINT("unknown-waypoint"),
        /** Another network can be asked for services only. */
        NOT_A_SERVICE("not-a-service"),
        /** The service names nobody who may answer for it. */
        NO_EXPECTED_IDENTITY("no-expected-identity");

        private final String word;

        Reason(String word) {
            this.word = word;
        }

        /** As it stands in logs and metric tags. */
        public String word() {
            return word;
        }
    }
}
