package io.beringia.discovery.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.peering.proto.Delta;
import io.beringia.discovery.peering.proto.Frame;
import io.beringia.discovery.peering.proto.Manifest;
import io.beringia.discovery.peering.proto.Resource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PeerFramesTest {
    private static final Map<String, Resource> MANY = IntStream.range(0, 20_000)
            .mapToObj(i -> PeerCodec.encode(new PeerResource.OfService(
                    Sites.id(1), Sites.export(1, Sites.service("demo", "s" + i), i), Set.of(new Network("net1")))))
            .collect(Collectors.toMap(Resource::getName, Function.identity()));

    @Test
    void a_long_list_is_many_frames_and_the_last_one_says_so() {
        List<Frame> manifest = PeerFrames.manifest(MANY, 7);
        List<Frame> want = PeerFrames.want(MANY.keySet());
        List<Frame> delta = PeerFrames.delta(
                List.copyOf(MANY.values()),
                MANY.keySet().stream()
                        .map(name -> Delta.Removal.newBuilder().setName(name).build())
                        .toList(),
                6,
                7);

        cut(manifest, frame -> frame.getManifest().getComplete());
        cut(want, frame -> frame.getWant().getComplete());
        cut(delta, frame -> frame.getDelta().getLast());
        assertThat(manifest.stream()
                        .flatMap(frame -> frame.getManifest().getEntriesList().stream())
                        .map(Manifest.Entry::getName)
                        .collect(Collectors.toSet()))
                .isEqualTo(MANY.keySet());
        assertThat(want.stream()
                        .flatMap(frame -> frame.getWant().getNamesList().stream())
                        .collect(Collectors.toSet()))
                .isEqualTo(MANY.keySet());
        assertThat(delta.stream()
                        .mapToInt(frame -> frame.getDelta().getUpsertsCount())
                        .sum())
                .isEqualTo(MANY.size());
        assertThat(delta.stream()
                        .mapToInt(frame -> frame.getDelta().getRemovalsCount())
                        .sum())
                .isEqualTo(MANY.size());
    }

    @Test
    void nothing_is_one_frame() {
        assertThat(PeerFrames.want(List.of()))
                .singleElement()
                .matches(frame -> frame.getWant().getComplete());
        assertThat(PeerFrames.manifest(Map.of(), 1))
                .singleElement()
                .matches(frame -> frame.getManifest().getComplete());
    }

    private static void cut(List<Frame> frames, Predicate<Frame> isLast) {
        assertThat(frames).hasSizeGreaterThan(1);
        assertThat(frames.subList(0, frames.size() - 1)).noneMatch(isLast);
        assertThat(frames.getLast()).matches(isLast);
        assertThat(frames).allMatch(frame -> frame.getSerializedSize() <= PeerFrames.FRAME_BYTES_MAX);
    }
}
