package io.beringia.discovery.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import io.beringia.discovery.wire.gateway.proto.ClusterState;
import io.beringia.discovery.wire.gateway.proto.ExportedAuthority;
import io.beringia.discovery.wire.gateway.proto.RelayTarget;
import io.beringia.discovery.wire.security.proto.Authorization;
import io.beringia.discovery.wire.workload.proto.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Catalog values to messages and back. Its own inverse for every value a catalog can hold; equal values are equal bytes,
 * in every process. Fields of Istio that a catalog has no word for (IP families, extensions, weighted waypoints) are
 * dropped. Any thread.
 */
public final class WorkloadCodec {
    private static final int VERSION_BYTES = 8;

    private WorkloadCodec() {}

    public static EncodedResource encode(MeshValue value) {
        byte[] bytes = deterministic(message(value));
        return new EncodedResource(value.type(), value.name(), version(bytes), UnsafeByteOperations.unsafeWrap(bytes));
    }

    private static MessageLite message(MeshValue value) {
        return switch (value) {
            case MeshValue.OfWorkload it -> WorkloadMessages.address(it.workload());
            case MeshValue.OfService it -> ServiceMessages.address(it.service());
            case MeshValue.OfPolicy it -> PolicyMessages.authorization(it.policy());
            case MeshValue.OfExported it -> GatewayMessages.exported(it.exported());
            case MeshValue.OfRelayTarget it -> GatewayMessages.relayTarget(it.target());
            case MeshValue.OfCluster it -> GatewayMessages.cluster(it.cluster());
        };
    }

    /** The value of a message; {@link IllegalArgumentException} where it is none that a catalog can hold. */
    public static MeshValue decode(ResourceType type, ByteString bytes) {
        try {
            return switch (type) {
                case ADDRESS -> address(Address.parseFrom(bytes));
                case AUTHORIZATION -> new MeshValue.OfPolicy(PolicyMessages.policy(Authorization.parseFrom(bytes)));
                case EXPORTED_AUTHORITY ->
                    new MeshValue.OfExported(GatewayMessages.exported(ExportedAuthority.parseFrom(bytes)));
                case RELAY_TARGET ->
                    new MeshValue.OfRelayTarget(GatewayMessages.relayTarget(RelayTarget.parseFrom(bytes)));
                case CLUSTER_STATE -> new MeshValue.OfCluster(GatewayMessages.cluster(ClusterState.parseFrom(bytes)));
            };
        } catch (InvalidProtocolBufferException broken) {
            throw new IllegalArgumentException(
                    type + ": " + bytes.size() + " bytes (expected: a message of that type)", broken);
        }
    }

    private static MeshValue address(Address address) {
        return switch (address.getTypeCase()) {
            case WORKLOAD -> new MeshValue.OfWorkload(WorkloadMessages.workload(address.getWorkload()));
            case SERVICE -> new MeshValue.OfService(ServiceMessages.service(address.getService()));
            case TYPE_NOT_SET -> throw new IllegalArgumentException("address: empty (expected: a workload or service)");
        };
    }

    private static byte[] deterministic(MessageLite message) {
        byte[] bytes = new byte[message.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
            out.checkNoSpaceLeft();
            return bytes;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static String version(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, VERSION_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
