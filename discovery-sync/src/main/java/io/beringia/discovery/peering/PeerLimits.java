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
 */
public record PeerLimits(
        int resourceBytes, int services, int identities, int ports, long endpoints, int slices, int sliceEndpoints) {
    public static final PeerLimits DEFAULT = new PeerLimits(1 << 20, 20_000, 512, 256, 100_000, 20_000, 1_000);

    public PeerLimits {
        if (resourceBytes < 1
                || services < 1
                || identities < 1
                || ports < 1
                || endpoints < 1
                || slices < 1
                || sliceEndpoints < 1) {
            throw new IllegalArgumentException("limits of a peer: " + resourceBytes + " bytes, " + services
                    + " services, " + identities + " identities, " + ports + " ports, " + endpoints
                    + " endpoints, " + slices + " slices, " + sliceEndpoints
                    + " endpoints of a slice (expected: at least 1 each)");
        }
    }
}
