package io.beringia.discovery.xds;

import java.util.Optional;

/** Which view a client gets. Called on the client's thread, where the call's gRPC context is current; it may wait. */
public interface Admission {
    Verdict admit(NodeClaim node) throws InterruptedException;

    /** What a client gets. */
    sealed interface Verdict {
        /** @param host what it is if it is the host of a WorkloadEntry, and may say how that is */
        record Admitted(ResourceFeed feed, Optional<HostClaim> host) implements Verdict {
            public Admitted(ResourceFeed feed) {
                this(feed, Optional.empty());
            }
        }

        /** {@code detail} is for people; it quotes what the client said of itself. */
        record Refused(Refusal why, String detail) implements Verdict {}
    }

    /** Why a client is refused. */
    enum Refusal {
        /** It shows neither a token nor a certificate that its kind needs. */
        NO_PROOF("no-proof"),
        /** The API server does not know its token. */
        BAD_TOKEN("bad-token"),
        /** Its node id is none of ours. */
        BAD_NODE("bad-node"),
        /** It belongs to another cluster, or says so. */
        OTHER_CLUSTER("other-cluster"),
        /** Its token or certificate is of another namespace, account or pod than it says. */
        OTHER_ACCOUNT("other-account"),
        /** It says that it is a gateway, and is none. */
        NOT_A_GATEWAY("not-a-gateway"),
        /** It names a workload that is not there. */
        UNKNOWN_WORKLOAD("unknown-workload"),
        /** Nobody can say yet or now; it may come again. */
        UNAVAILABLE("unavailable");

        private final String word;

        Refusal(String word) {
            this.word = word;
        }

        /** As meters and logs name it. */
        public String word() {
            return word;
        }
    }
}
