package io.beringia.discovery.explain;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.GatewayRef;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.Service;
import io.beringia.discovery.catalog.TrafficPlan;
import io.beringia.discovery.catalog.Workload;
import io.beringia.discovery.merge.ClusterExports;
import io.beringia.discovery.merge.FederationView;
import io.beringia.discovery.merge.LocalOverrides;
import io.beringia.discovery.merge.OwnObjects;
import io.beringia.discovery.merge.StalePolicy;
import io.beringia.discovery.peering.PartCodec;
import io.beringia.discovery.peering.proto.Resource;
import io.beringia.discovery.snapshot.Snapshot;
import io.beringia.discovery.wire.EncodedResource;
import io.beringia.discovery.wire.MeshValue;
import io.beringia.discovery.wire.PlanCodec;
import io.beringia.discovery.wire.ResourceType;
import io.beringia.discovery.wire.WorkloadCodec;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A snapshot to bytes and back; its own inverse, and equal snapshots are equal bytes. What clients and peers are sent stands
 * in it as they are sent it. Any thread.
 */
public final class SnapshotCodec {
    /** What a greater one means is not known, and not guessed. */
    private static final int FORMAT = 3;

    /** It does not say why something is held. */
    private static final int BEFORE_REASONS = 2;

    /** It says nothing of silent clusters. */
    private static final int BEFORE_SILENCE = 1;

    private SnapshotCodec() {}

    public static byte[] encode(Snapshot it) {
        FederationView view = it.view();
        PictureOutput out = new PictureOutput();
        out.number(FORMAT);
        out.text(view.own().name());
        out.number(it.takenAt().toEpochMilli());
        out.number(view.revision());
        out.list(view.plan().stream().toList(), (to, plan) -> to.bytes(PlanCodec.unsigned(plan)));
        out.list(objects(view.objects()), SnapshotCodec::object);
        out.list(new TreeMap<>(view.objects().vips()).entrySet(), SightCodec::vips);
        out.list(view.parts(), SnapshotCodec::part);
        out.texts(it.unheard().stream().sorted().toList());
        out.list(it.sights(), SightCodec::sight);
        out.texts(it.namespaces().stream().sorted().toList());
        out.list(new TreeMap<>(it.offers()).entrySet(), SightCodec::offering);
        out.list(it.imports(), SightCodec::imported);
        out.list(it.relay().stream().toList(), (to, relay) -> {
            SightCodec.name(to, relay.service());
            to.number(relay.hbonePort());
        });
        out.list(view.overrides().grades().entrySet(), (to, grade) -> {
            to.text(grade.getKey().name());
            to.number(grade.getValue());
        });
        out.texts(view.overrides().shutGateways());
        out.list(view.overrides().silent().entrySet(), (to, silent) -> {
            to.text(silent.getKey().name());
            to.text(silent.getValue().name());
        });
        return out.written();
    }

    /** All that remains; {@link IllegalArgumentException} where that is nothing that we understand. */
    public static Snapshot decode(ByteBuffer bytes) {
        PictureInput in = new PictureInput(bytes);
        int format = in.small();
        if (format < BEFORE_SILENCE || format > FORMAT) {
            throw new IllegalArgumentException(
                    "snapshot format: " + format + " (expected: " + BEFORE_SILENCE + " to " + FORMAT + ")");
        }
        ClusterId own = new ClusterId(in.text());
        Instant takenAt = Instant.ofEpochMilli(in.number());
        long revision = in.number();
        Optional<TrafficPlan> plan =
                in.list(PictureInput::bytes).stream().findFirst().map(PlanCodec::ofUnsigned);
        OwnObjects objects = objects(in);
        List<ClusterExports> parts =
                in.list(SnapshotCodec::part).stream().flatMap(Optional::stream).toList();
        var unheard = in.list(it -> new ClusterId(it.text()), Collectors.toSet());
        var sights = in.list(format <= BEFORE_REASONS ? SightCodec::sightWithoutReasons : SightCodec::sight);
        var namespaces = in.list(PictureInput::text, Collectors.toSet());
        var offers = in.list(SightCodec::offering, Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        var imports = in.list(SightCodec::imported);
        Optional<GatewayRef.ByHostname> relay =
                in.list(it -> new GatewayRef.ByHostname(SightCodec.name(it), it.small())).stream()
                        .findFirst();
        LocalOverrides overrides = new LocalOverrides(
                new TreeMap<>(in.list(
                        it -> Map.entry(new RegionId(it.text()), it.small()),
                        Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))),
                new TreeSet<>(in.list(PictureInput::text)),
                format == BEFORE_SILENCE ? new TreeMap<>() : silent(in));
        return new Snapshot(
                takenAt,
                FederationView.of(revision, own, objects, parts, plan, overrides),
                unheard,
                sights,
                namespaces,
                offers,
                imports,
                relay);
    }

    private static SortedMap<ClusterId, StalePolicy> silent(PictureInput in) {
        return new TreeMap<>(in.list(
                it -> Map.entry(new ClusterId(it.text()), it.word(StalePolicy.class)),
                Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private static List<EncodedResource> objects(OwnObjects it) {
        List<MeshValue> values = new ArrayList<>();
        it.workloads().forEach(workload -> values.add(new MeshValue.OfWorkload(workload)));
        it.services().forEach(service -> values.add(new MeshValue.OfService(service)));
        it.policies().forEach(policy -> values.add(new MeshValue.OfPolicy(policy)));
        it.exported().forEach(exported -> values.add(new MeshValue.OfExported(exported)));
        return values.stream().map(WorkloadCodec::encode).toList();
    }

    private static void object(PictureOutput out, EncodedResource it) {
        out.text(it.type().name());
        out.bytes(it.bytes().toByteArray());
    }

    private static OwnObjects objects(PictureInput in) {
        List<Workload> workloads = new ArrayList<>();
        List<Service> services = new ArrayList<>();
        List<Policy> policies = new ArrayList<>();
        List<ExportedAuthority> exported = new ArrayList<>();
        for (MeshValue value : in.list(it -> WorkloadCodec.decode(it.word(ResourceType.class), bytes(it)))) {
            switch (value) {
                case MeshValue.OfWorkload(Workload workload) -> workloads.add(workload);
                case MeshValue.OfService(Service service) -> services.add(service);
                case MeshValue.OfPolicy(Policy policy) -> policies.add(policy);
                case MeshValue.OfExported(ExportedAuthority authority) -> exported.add(authority);
                case MeshValue.OfRelayTarget other -> throw unexpected(other);
                case MeshValue.OfCluster other -> throw unexpected(other);
            }
        }
        return new OwnObjects(
                workloads,
                services,
                policies,
                exported,
                in.list(SightCodec::vips, Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private static ByteString bytes(PictureInput in) {
        return ByteString.copyFrom(in.bytes());
    }

    private static IllegalArgumentException unexpected(MeshValue other) {
        return new IllegalArgumentException(
                "object: " + other.name() + " (expected: a workload, service, policy or exported authority)");
    }

    private static void part(PictureOutput out, ClusterExports it) {
        out.list(PartCodec.encode(it), (to, resource) -> to.bytes(resource.toByteArray()));
        SightCodec.freshness(out, it.cluster().freshness());
    }

    private static Optional<ClusterExports> part(PictureInput in) {
        List<Resource> resources = in.list(SnapshotCodec::resource);
        return PartCodec.decode(resources, SightCodec.freshness(in));
    }

    private static Resource resource(PictureInput in) {
        try {
            return Resource.parseFrom(in.bytes());
        } catch (InvalidProtocolBufferException broken) {
            throw new IllegalArgumentException("resource: " + broken.getMessage(), broken);
        }
    }
}
