package io.beringia.discovery.peering;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.Optional;

/** Why a peer is not believed: the whole link, or one resource of it. */
public sealed interface PeerRefusal {
    /** One word of a small set, for metrics. */
    String reason();

    /** What was said, and what was expected; for people. */
    String detail();

    /** The link is ended. */
    sealed interface OfLink extends PeerRefusal {}

    /** The resource is passed over; an older one of that name stays. */
    sealed interface OfResource extends PeerRefusal {}

    record UnknownPeer(String cluster) implements OfLink {
        @Override
        public String reason() {
            return "unknown-peer";
        }

        @Override
        public String detail() {
            return "cluster: " + cluster + " (expected: a configured peer)";
        }
    }

    /** No certificate, or one that proves nothing now. */
    record Unproved() implements OfLink {
        @Override
        public String reason() {
            return "unproved";
        }

        @Override
        public String detail() {
            return "certificate: none that counts (expected: the peer's)";
        }
    }

    record ForeignTrustDomain(SpiffeId peer, TrustDomain expected) implements OfLink {
        @Override
        public String reason() {
            return "foreign-trust-domain";
        }

        @Override
        public String detail() {
            return "identity: " + peer + " (expected: of trust domain " + expected + ")";
        }
    }

    record UnexpectedIdentity(SpiffeId peer) implements OfLink {
        @Override
        public String reason() {
            return "unexpected-identity";
        }

        @Override
        public String detail() {
            return "identity: " + peer + " (expected: one that is configured for this peer)";
        }
    }

    record ForeignClusterMark(Optional<String> mark, ClusterId expected) implements OfLink {
        @Override
        public String reason() {
            return "foreign-cluster-mark";
        }

        @Override
        public String detail() {
            return "issued for cluster: " + mark.orElse("none") + " (expected: " + expected + ")";
        }
    }

    record OtherClusterset(String clusterset, String expected) implements OfLink {
        @Override
        public String reason() {
            return "other-clusterset";
        }

        @Override
        public String detail() {
            return "clusterset: " + clusterset + " (expected: " + expected + ")";
        }
    }

    record UnknownProtocol(int min, int max, int ours) implements OfLink {
        @Override
        public String reason() {
            return "unknown-protocol";
        }

        @Override
        public String detail() {
            return "protocol: " + min + " to " + max + " (expected: " + ours + " among them)";
        }
    }

    /** Something out of turn, or before a Hello. */
    record OutOfTurn(String frame) implements OfLink {
        @Override
        public String reason() {
            return "out-of-turn";
        }

        @Override
        public String detail() {
            return "frame: " + frame + " (expected: another one first)";
        }
    }

    record SpeaksForAnother(ClusterId named, ClusterId peer) implements OfResource {
        @Override
        public String reason() {
            return "speaks-for-another";
        }

        @Override
        public String detail() {
            return "cluster: " + named + " (expected: " + peer + ")";
        }
    }

    record ForeignIdentity(SpiffeId identity, ServiceName service) implements OfResource {
        @Override
        public String reason() {
            return "foreign-identity";
        }

        @Override
        public String detail() {
            return "identity: " + identity + " (expected: of the peer's trust domain and namespace "
                    + service.namespace() + ")";
        }
    }

    record ForeignHostname(ServiceName service) implements OfResource {
        @Override
        public String reason() {
            return "foreign-hostname";
        }

        @Override
        public String detail() {
            return "service: " + service + " (expected: a hostname <name>." + service.namespace() + ".svc.<domain>)";
        }
    }

    record ForeignGateway(SpiffeId identity, TrustDomain expected) implements OfResource {
        @Override
        public String reason() {
            return "foreign-gateway";
        }

        @Override
        public String detail() {
            return "gateway: " + identity + " (expected: of trust domain " + expected + ")";
        }
    }

    record UnlistedTrustDomain(TrustDomain named, TrustDomain expected) implements OfResource {
        @Override
        public String reason() {
            return "unlisted-trust-domain";
        }

        @Override
        public String detail() {
            return "trust domain: " + named + " (expected: " + expected + ")";
        }
    }

    record UnlistedNetwork(Network network) implements OfResource {
        @Override
        public String reason() {
            return "unlisted-network";
        }

        @Override
        public String detail() {
            return "network: " + network + " (expected: one that this peer may claim)";
        }
    }

    record ForeignRegion(RegionId region, RegionId expected) implements OfResource {
        @Override
        public String reason() {
            return "foreign-region";
        }

        @Override
        public String detail() {
            return "region: " + region + " (expected: " + expected + ")";
        }
    }

    record NotAskedFor(ServiceName service) implements OfResource {
        @Override
        public String reason() {
            return "not-asked-for";
        }

        @Override
        public String detail() {
            return "service: " + service + " (expected: of a namespace that exists here)";
        }
    }

    record TooLarge(int bytes, int max) implements OfResource {
        @Override
        public String reason() {
            return "too-large";
        }

        @Override
        public String detail() {
            return "resource: " + bytes + " bytes (expected: at most " + max + ")";
        }
    }

    /** @param what one of a few words of ours */
    record TooMany(String what, long max) implements OfResource {
        @Override
        public String reason() {
            return "too-many-" + what;
        }

        @Override
        public String detail() {
            return what + ": more than " + max + " (expected: at most that many)";
        }
    }

    record Malformed(String what) implements OfResource {
        @Override
        public String reason() {
            return "malformed";
        }

        @Override
        public String detail() {
            return what;
        }
    }
}
