package io.beringia.discovery.peering;

/**
 * How much one peer may say; what is beyond is refused, the rest applies.
 *
 * @param resourceBytes of one resource, so that no frame is larger than twice that
 * @param services of one peer
 * @param identities of one service: each stands in the certificate check of every client
 * @param ports of one service
 * @param endpoints of one service, ready ones over all its localities
 * @param slices of one peer, over all its services
 * @param sliceEndpoints of one slice, as many as Kubernetes allows
 * @param endpointsOfPeer of all slices of one peer: each is a record of its own here
 * @param gateways of one peer: each is a workload for every proxy
 * @param bytes of all that is held of one peer, as it was sent
 */
public record PeerLimits(
        int resourceBytes,
        int services,
        int identities,
        int ports,
        long endpoints,
        int slices,
        int sliceEndpoints,
        int endpointsOfPeer,
        int gateways,
        long bytes) {
    public static final PeerLimits DEFAULT =
            new PeerLimits(1 << 20, 20_000, 512, 256, 100_000, 20_000, 1_000, 100_000, 256, 256L << 20);

    /** Of a resource: a namespace, a hostname and the name of a slice, with words between. */
    static final int NAME_CHARS_MAX = 640;

    public PeerLimits {
        if (resourceBytes < 1
                || services < 1
                || identities < 1
                || ports < 1
                || endpoints < 1
                || slices < 1
                || sliceEndpoints < 1
                || endpointsOfPeer < 1
                || gateways < 1
                || bytes < resourceBytes) {
            throw new IllegalArgumentException("limits of a peer: " + resourceBytes + " bytes, " + services
                    + " services, " + identities + " identities, " + ports + " ports, " + endpoints
                    + " endpoints, " + slices + " slices, " + sliceEndpoints
                    + " endpoints of a slice, " + endpointsOfPeer + " of all slices, " + gateways + " gateways, "
                    + bytes
                    + " bytes in all (expected: at least 1 each, and all of it not less than a resource)");
        }
    }
}
