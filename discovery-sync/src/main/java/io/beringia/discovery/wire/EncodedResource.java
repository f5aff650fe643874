package io.beringia.discovery.wire;

import com.google.protobuf.ByteString;

/**
 * One catalog value as it goes over the wire.
 *
 * @param name uid of a workload, {@code namespace/hostname} of a service, {@code namespace/name} of a policy, hostname
 *     of an authority or target, name of a cluster
 * @param version 64 bits of the bytes' hash, in hex: equal on every replica that says the same
 * @param bytes the message, deterministically
 */
public record EncodedResource(ResourceType type, String name, String version, ByteString bytes) {
    @Override
    public String toString() {
        return type + " " + name + "@" + version;
    }
}
