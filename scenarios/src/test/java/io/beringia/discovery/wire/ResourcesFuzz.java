package io.beringia.discovery.wire;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.wire.xds.proto.DeltaDiscoveryResponse;
import io.beringia.discovery.wire.xds.proto.Resource;
import io.beringia.scenarios.fuzz.Choices;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a discovery server sends a client: each resource is taken whole or refused by its name, and others do not notice. */
public final class ResourcesFuzz {
    private ResourcesFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Choices choices = new Choices(input);
        HeldResources held = new HeldResources();
        while (choices.isLeft()) {
            ResourceType type = choices.of(List.of(ResourceType.values()));
            boolean isNamedRight = !choices.oneIn(4);
            ByteString bytes = ByteString.copyFrom(choices.oneIn(2) ? choices.rest() : choices.bytes());
            take(held, type, bytes, isNamedRight ? nameIn(type, bytes) : choices.text());
        }
    }

    private static void take(HeldResources held, ResourceType type, ByteString bytes, String name) {
        Map<String, String> before = held.versions(type);
        Optional<String> refused = held.apply(
                type,
                DeltaDiscoveryResponse.newBuilder()
                        .setTypeUrl(type.url())
                        .addResources(Resource.newBuilder()
                                .setName(name)
                                .setVersion("new")
                                .setResource(Any.newBuilder().setValue(bytes)))
                        .build());
        require(refused.isEmpty() || held.versions(type).equals(before), "refused: " + refused + ", and yet taken");
        require(refused.isPresent() || "new".equals(held.versions(type).get(name)), "taken: not under " + name);
        Catalog catalog = held.catalog(1);
        require(refused.isPresent() || catalog.revision() == 1, "catalog: " + catalog);
    }

    /** What is decoded is the same when it was encoded and decoded again. */
    private static String nameIn(ResourceType type, ByteString bytes) {
        try {
            MeshValue value = WorkloadCodec.decode(type, bytes);
            EncodedResource again = WorkloadCodec.encode(value);
            MeshValue same = WorkloadCodec.decode(type, again.bytes());
            require(value.equals(same), "decoded: " + same + " (expected: " + value + ")");
            return value.name();
        } catch (IllegalArgumentException none) {
            return "";
        }
    }

    private static void require(boolean met, String otherwise) {
        if (!met) {
            throw new IllegalStateException(otherwise);
        }
    }
}
