package io.beringia.discovery.peering;

import com.google.protobuf.ByteString;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.peering.proto.Hello;
import io.beringia.trust.identity.TrustDomain;

/**
 * Who we are to peers.
 *
 * @param clusterset the federation; peers of another one are refused
 * @param replica of our discovery, such as a pod's name
 * @param software for people
 */
public record OwnSite(
        ClusterId cluster, String clusterset, TrustDomain trustDomain, String replica, String software, Kind kind) {

    /** The federation of everybody who has named none. */
    public static final String DEFAULT_CLUSTERSET = "default";

    /** What a site does for others. */
    public enum Kind {
        /** Exports what it has. */
        MEMBER,
        /** Has nothing of its own: it listens, and its word counts when regions are judged. */
        WITNESS
    }

    /** @param logId 16 random bytes of this process */
    Hello hello(ByteString logId) {
        Hello.Builder hello = Hello.newBuilder()
                .setClusterId(cluster.name())
                .setClusterset(clusterset)
                .setProtocolMin(PeerAuthority.PROTOCOL)
                .setProtocolMax(PeerAuthority.PROTOCOL)
                .setTrustDomain(trustDomain.name())
                .setReplica(replica)
                .setReplicas(1)
                .setSoftwareVersion(software)
                .setLogId(logId);
        return switch (kind) {
            case MEMBER ->
                hello.addRoles(Hello.Role.EXPORTS).addRoles(Hello.Role.IMPORTS).build();
            case WITNESS -> hello.addRoles(Hello.Role.IMPORTS).build();
        };
    }
}
