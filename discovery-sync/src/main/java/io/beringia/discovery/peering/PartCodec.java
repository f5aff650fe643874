package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.McsExport;
import io.beringia.discovery.peering.proto.ExportedService;
import io.beringia.discovery.peering.proto.Resource;
import java.util.List;
import java.util.Optional;

/** All that one cluster exports, in the messages in which peers tell it, for whoever keeps or shows it. Any thread. */
public final class PartCodec {
    private PartCodec() {}

    public static List<Resource> encode(ClusterExports part) {
        return PeerResource.of(part).stream().map(PeerCodec::encode).toList();
    }

    /**
     * Empty where no message says where the cluster is; {@link IllegalArgumentException} where one is none that we can
     * hold.
     */
    public static Optional<ClusterExports> decode(List<Resource> resources, Freshness freshness) {
        HeldPart held = new HeldPart();
        resources.forEach(
                resource -> held.put(resource.getHash(), PeerCodec.decode(resource), resource.getSerializedSize()));
        return held.part(freshness);
    }

    public static ExportedService.Clusterset encode(McsExport it) {
        return ClustersetCodec.clusterset(it);
    }

    /** {@link IllegalArgumentException} where it is none that we can hold. */
    public static McsExport decode(ExportedService.Clusterset it) {
        return ClustersetCodec.clusterset(it);
    }
}
