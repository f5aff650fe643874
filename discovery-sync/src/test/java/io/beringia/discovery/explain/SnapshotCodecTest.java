package io.beringia.discovery.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Policy;
import io.beringia.discovery.catalog.Shares;
import io.beringia.discovery.kube.HeldKind;
import io.beringia.discovery.kube.Identity;
import io.beringia.discovery.kube.ImportedSlice;
import io.beringia.discovery.kube.KubeObject.ImportSpec;
import io.beringia.discovery.kube.KubeObject.ServiceImportObject;
import io.beringia.discovery.kube.ObjectName;
import io.beringia.discovery.merge.Export;
import io.beringia.discovery.merge.LocalOverrides;
import io.beringia.discovery.merge.McsExport;
import io.beringia.discovery.merge.StalePolicy;
import io.beringia.discovery.peering.PeerStatus;
import io.beringia.discovery.snapshot.ClusterSight;
import io.beringia.discovery.snapshot.Snapshot;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A snapshot is the same after it was written and read. */
final class SnapshotCodecTest {
    @ParameterizedTest
    @MethodSource
    void nothing_is_lost(Snapshot snapshot) {
        assertThat(SnapshotCodec.decode(ByteBuffer.wrap(SnapshotCodec.encode(snapshot))))
                .isEqualTo(snapshot);
    }

    static Stream<Snapshot> nothing_is_lost() {
        return Stream.of(
                new Pictures().snapshot(),
                new Pictures().direct().lost(Duration.ofSeconds(34)).snapshot(),
                new Pictures().unheard(Pictures.WEST).notExportedByWest().snapshot(),
                new Pictures()
                        .policy(new Policy(
                                "shop", "none", Policy.Scope.NAMESPACE, Policy.Action.DENY, List.of(), false))
                        .planned(Shares.all(Pictures.US_WEST))
                        .overridden(LocalOverrides.of(Map.of(Pictures.US_WEST, 2_500))
                                .with(new TreeMap<>(Map.of(Pictures.WEST, StalePolicy.DEPREFERENCE))))
                        .snapshot(),
                new Pictures()
                        .holding(
                                new HeldKind("services", 12, HeldKind.Reason.DELETED),
                                new HeldKind("serviceexports.multicluster.x-k8s.io", 0, HeldKind.Reason.UNDEFINED))
                        .snapshot(),
                withImport(new Pictures().snapshot()));
    }

    private static Snapshot withImport(Snapshot it) {
        return new Snapshot(
                it.takenAt(),
                it.view(),
                it.unheard(),
                it.sights(),
                it.namespaces(),
                it.offers(),
                List.of(new ServiceImportObject(
                        new ObjectName("shop", "cart"),
                        Identity.NONE,
                        Map.of(ServiceImportObject.MANAGER_LABEL, ImportedSlice.MANAGER),
                        Map.of(),
                        new ImportSpec(
                                McsExport.Type.CLUSTER_SET_IP,
                                List.of(new McsExport.Port("http", Export.Protocol.TCP, 80, "")),
                                List.of(IpAddress.parse("241.0.0.7")),
                                List.of(McsExport.IpFamily.IPV4),
                                McsExport.Affinity.NONE,
                                "",
                                ""),
                        List.of("east", "west"),
                        List.of())),
                it.relay());
    }

    @Test
    void one_of_before_there_were_reasons_is_read_as_missing_in_a_list() {
        PictureOutput out = new PictureOutput();
        out.text("west");
        out.text("us-west");
        SightCodec.freshness(out, new Freshness.Live());
        out.list(List.of(3L), (to, heldBack) -> {
            to.text("LOST");
            to.list(List.of(34_000L), PictureOutput::number);
            to.flag(true);
            to.number(heldBack);
        });
        out.text("DOWN");

        assertThat(SightCodec.sightWithoutReasons(new PictureInput(ByteBuffer.wrap(out.written()))))
                .isEqualTo(new ClusterSight(
                        Pictures.WEST,
                        Pictures.US_WEST,
                        new Freshness.Live(),
                        Optional.of(
                                new ClusterSight.Link(PeerStatus.Link.LOST, Optional.of(Duration.ofSeconds(34)), true)),
                        ClusterSight.DataPath.DOWN,
                        List.of(new HeldKind(ClusterSight.RESOURCES, 3, HeldKind.Reason.MISSING))));
    }

    @Test
    void equal_snapshots_have_equal_bytes() {
        assertThat(SnapshotCodec.encode(new Pictures().snapshot()))
                .isEqualTo(SnapshotCodec.encode(new Pictures().snapshot()));
    }

    @Test
    void other_bytes_are_refused_or_another_snapshot_and_never_anything_else() {
        byte[] bytes = SnapshotCodec.encode(new Pictures().snapshot());
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] other = random.nextBoolean()
                    ? Arrays.copyOf(bytes, random.nextInt(bytes.length))
                    : flipped(bytes, random.nextInt(bytes.length * 8));
            try {
                assertThat(SnapshotCodec.decode(ByteBuffer.wrap(other))).isNotNull();
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageNotContaining("null");
            }
        }
        assertThatThrownBy(() -> SnapshotCodec.decode(ByteBuffer.wrap(new byte[] {1, 2, 3})))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] other = bytes.clone();
        other[bit / 8] ^= (byte) (1 << (bit % 8));
        return other;
    }
}
