package io.beringia.discovery.peering;

import com.google.protobuf.MessageLite;
import io.beringia.discovery.peering.proto.Delta;
import io.beringia.discovery.peering.proto.Frame;
import io.beringia.discovery.peering.proto.Manifest;
import io.beringia.discovery.peering.proto.Resource;
import io.beringia.discovery.peering.proto.Want;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Lists of any length as frames of bounded length; the last one says that it is the last. Pure. */
final class PeerFrames {
    /** With the largest resource on top still far below what gRPC takes by default, 4 MiB. */
    static final int FRAME_BYTES_MAX = 512 << 10;

    /** Of a tag and a length before each item. */
    private static final int ITEM_BYTES = 8;

    private PeerFrames() {}

    static List<Frame> manifest(Map<String, Resource> resources, long position) {
        List<Manifest.Entry> entries = resources.values().stream()
                .map(resource -> Manifest.Entry.newBuilder()
                        .setName(resource.getName())
                        .setHash(resource.getHash())
                        .build())
                .toList();
        List<List<Manifest.Entry>> cut = cut(entries);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < cut.size(); i++) {
            frames.add(Frame.newBuilder()
                    .setManifest(Manifest.newBuilder()
                            .addAllEntries(cut.get(i))
                            .setPosition(position)
                            .setComplete(i == cut.size() - 1))
                    .build());
        }
        return frames;
    }

    static List<Frame> want(Collection<String> names) {
        List<List<Want>> cut = cut(names.stream()
                .sorted()
                .map(name -> Want.newBuilder().addNames(name).build())
                .toList());
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < cut.size(); i++) {
            Want.Builder want = Want.newBuilder().setComplete(i == cut.size() - 1);
            cut.get(i).forEach(want::mergeFrom);
            frames.add(Frame.newBuilder().setWant(want).build());
        }
        return frames;
    }

    static List<Frame> delta(List<Resource> upserts, List<Delta.Removal> removals, long from, long to) {
        List<MessageLite> items = new ArrayList<>(upserts);
        items.addAll(removals);
        List<List<MessageLite>> cut = cut(items);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < cut.size(); i++) {
            Delta.Builder delta =
                    Delta.newBuilder().setFromPosition(from).setToPosition(to).setLast(i == cut.size() - 1);
            for (MessageLite item : cut.get(i)) {
                if (item instanceof Resource resource) {
                    delta.addUpserts(resource);
                } else if (item instanceof Delta.Removal removal) {
                    delta.addRemovals(removal);
                }
            }
            frames.add(Frame.newBuilder().setDelta(delta).build());
        }
        return frames;
    }

    /** At least one list, the last one perhaps empty. */
    private static <T extends MessageLite> List<List<T>> cut(List<T> items) {
        List<List<T>> cut = new ArrayList<>();
        List<T> current = new ArrayList<>();
        int bytes = 0;
        for (T item : items) {
            int size = item.getSerializedSize() + ITEM_BYTES;
            if (bytes + size > FRAME_BYTES_MAX && !current.isEmpty()) {
                cut.add(current);
                current = new ArrayList<>();
                bytes = 0;
            }
            current.add(item);
            bytes += size;
        }
        cut.add(current);
        return cut;
    }
}
