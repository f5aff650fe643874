package io.beringia.discovery.explain;

import com.google.protobuf.InvalidProtocolBufferException;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.NetworkAddress;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.HeldKind;
import io.beringia.discovery.kube.Identity;
import io.beringia.discovery.kube.ImportedSlice;
import io.beringia.discovery.kube.KubeObject.ImportSpec;
import io.beringia.discovery.kube.KubeObject.ServiceImportObject;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.merge.McsExport;
import io.beringia.discovery.peering.PartCodec;
import io.beringia.discovery.peering.PeerStatus;
import io.beringia.discovery.peering.proto.ExportedService;
import io.beringia.discovery.snapshot.ClusterSight;
import io.beringia.discovery.snapshot.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The smaller things of a snapshot, written and read; see {@link SnapshotCodec}. Any thread. */
final class SightCodec {
    private SightCodec() {}

    static void name(PictureOutput out, ServiceName it) {
        out.text(it.namespace());
        out.text(it.hostname());
    }

    static ServiceName name(PictureInput in) {
        return new ServiceName(in.text(), in.text());
    }

    static void sight(PictureOutput out, ClusterSight it) {
        out.text(it.cluster().name());
        out.text(it.region().name());
        freshness(out, it.api());
        out.list(it.link().stream().toList(), SightCodec::link);
        out.text(it.path().name());
        out.list(it.held(), SightCodec::held);
    }

    static ClusterSight sight(PictureInput in) {
        return new ClusterSight(
                new ClusterId(in.text()),
                new RegionId(in.text()),
                freshness(in),
                in.list(SightCodec::link).stream().findFirst(),
                in.word(ClusterSight.DataPath.class),
                in.list(SightCodec::held));
    }

    /** As it was before anybody said why something is held. */
    static ClusterSight sightWithoutReasons(PictureInput in) {
        ClusterId cluster = new ClusterId(in.text());
        RegionId region = new RegionId(in.text());
        Freshness api = freshness(in);
        List<HeldKind> held = new ArrayList<>();
        Optional<ClusterSight.Link> link = in
                .list(it -> {
                    ClusterSight.Link one = link(it);
                    int objects = it.small();
                    if (objects > 0) {
                        held.add(new HeldKind(ClusterSight.RESOURCES, objects, HeldKind.Reason.MISSING));
                    }
                    return one;
                })
                .stream()
                .findFirst();
        return new ClusterSight(cluster, region, api, link, in.word(ClusterSight.DataPath.class), held);
    }

    private static void held(PictureOutput out, HeldKind it) {
        out.text(it.kind());
        out.number(it.objects());
        out.text(it.why().name());
    }

    private static HeldKind held(PictureInput in) {
        return new HeldKind(in.text(), in.small(), in.word(HeldKind.Reason.class));
    }

    private static void link(PictureOutput out, ClusterSight.Link it) {
        out.text(it.state().name());
        out.list(it.silence().stream().toList(), (to, silence) -> to.number(silence.toMillis()));
        out.flag(it.isSynced());
    }

    private static ClusterSight.Link link(PictureInput in) {
        return new ClusterSight.Link(
                in.word(PeerStatus.Link.class),
                in.list(PictureInput::number).stream().findFirst().map(Duration::ofMillis),
                in.flag());
    }

    private enum State {
        LIVE,
        STALE,
        UNKNOWN
    }

    static void freshness(PictureOutput out, Freshness it) {
        switch (it) {
            case Freshness.Live live -> out.text(State.LIVE.name());
            case Freshness.Unknown unknown -> out.text(State.UNKNOWN.name());
            case Freshness.Stale(Duration age) -> {
                out.text(State.STALE.name());
                out.number(age.toMillis());
            }
        }
    }

    static Freshness freshness(PictureInput in) {
        return switch (in.word(State.class)) {
            case LIVE -> new Freshness.Live();
            case UNKNOWN -> new Freshness.Unknown();
            case STALE -> new Freshness.Stale(Duration.ofMillis(in.number()));
        };
    }

    static void vips(PictureOutput out, Map.Entry<ServiceName, List<NetworkAddress>> it) {
        name(out, it.getKey());
        out.list(it.getValue(), (to, vip) -> {
            to.text(vip.network().name());
            to.bytes(vip.ip().bytes());
        });
    }

    static Map.Entry<ServiceName, List<NetworkAddress>> vips(PictureInput in) {
        return Map.entry(name(in), in.list(it -> new NetworkAddress(new Network(it.text()), IpAddress.of(it.bytes()))));
    }

    static void offering(PictureOutput out, Map.Entry<ServiceName, Snapshot.Offering> it) {
        name(out, it.getKey());
        out.text(it.getValue().verdict());
        out.texts(it.getValue().consumers().stream().sorted().toList());
    }

    static Map.Entry<ServiceName, Snapshot.Offering> offering(PictureInput in) {
        return Map.entry(
                name(in),
                new Snapshot.Offering(in.text(), in.list(it -> new ClusterId(it.text()), Collectors.toSet())));
    }

    static void imported(PictureOutput out, ServiceImportObject it) {
        ImportSpec spec = it.spec();
        out.text(it.name().namespace());
        out.text(it.name().name());
        out.flag(it.isOurs());
        out.bytes(PartCodec.encode(new McsExport(
                        spec.type(),
                        spec.ports(),
                        spec.affinity(),
                        spec.internalTrafficPolicy(),
                        spec.trafficDistribution(),
                        spec.families(),
                        Map.of(),
                        Map.of()))
                .toByteArray());
        out.list(spec.ips(), (to, ip) -> to.bytes(ip.bytes()));
        out.texts(it.clusters());
    }

    /** What names are answered from; its labels and conditions are the API's to tell. */
    static ServiceImportObject imported(PictureInput in) {
        ObjectName name = new ObjectName(in.text(), in.text());
        boolean isOurs = in.flag();
        McsExport spec = PartCodec.decode(clusterset(in.bytes()));
        List<IpAddress> ips = in.list(it -> IpAddress.of(it.bytes()));
        return new ServiceImportObject(
                name,
                Identity.NONE,
                isOurs ? Map.of(ServiceImportObject.MANAGER_LABEL, ImportedSlice.MANAGER) : Map.of(),
                Map.of(),
                new ImportSpec(
                        spec.type(),
                        spec.ports(),
                        ips,
                        spec.families(),
                        spec.affinity(),
                        spec.internalTrafficPolicy(),
                        spec.trafficDistribution()),
                in.list(PictureInput::text),
                List.of());
    }

    private static ExportedService.Clusterset clusterset(byte[] bytes) {
        try {
            return ExportedService.Clusterset.parseFrom(bytes);
        } catch (InvalidProtocolBufferException broken) {
            throw new IllegalArgumentException("import: " + broken.getMessage(), broken);
        }
    }
}
