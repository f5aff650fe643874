package io.beringia.discovery.xds;

import io.beringia.trust.identity.RejectReason;
import java.util.Optional;

/** Which view a client gets. Called on the client's thread, where the call's gRPC context is current; it may wait. */
public interface Admission {
    Verdict admit(NodeClaim node) throws InterruptedException;

    /** What a client gets. */
    sealed interface Verdict {
        /**
         * @param standing what it must go on being
         * @param host what it is if it is the host of a WorkloadEntry, and may say how that is
         */
        record Admitted(ResourceFeed feed, Standing standing, Optional<HostClaim> host) implements Verdict {
            /** Once and for all. */
            public Admitted(ResourceFeed feed) {
                this(feed, Standing.FOR_GOOD, Optional.empty());
            }
        }

        /**
         * @param certificate what is wrong with the one that it showed, where that is why
         * @param detail for people; it quotes what the client said of itself
         */
        record Refused(Refusal why, Optional<RejectReason> certificate, String detail) implements Verdict {
            public Refused(Refusal why, String detail) {
                this(why, Optional.empty(), detail);
            }

            /** As meters, logs and the status of its stream name it. */
            public String word() {
                return certificate.map(RejectReason::word).orElse(why.word());
            }
        }
    }

    /**
     * Whether an admitted client still is what it was admitted as. Asked on the client's thread; must not wait. Where nobody
     * can say, it is.
     */
    interface Standing {
        /** Of whoever has proved itself for as long as its stream lasts. */
        Standing FOR_GOOD = new Standing() {
            @Override
            public Optional<Verdict.Refused> byTrust() {
                return Optional.empty();
            }

            @Override
            public Optional<Verdict.Refused> byCatalog() {
                return Optional.empty();
            }
        };

        /** After a change of whom we trust: why it may not stay. */
        Optional<Verdict.Refused> byTrust();

        /** After a change of what is known: why it may not stay. */
        Optional<Verdict.Refused> byCatalog();
    }

    /** Why a client is refused. */
    enum Refusal {
        /** It shows neither a token nor a certificate that its kind needs. */
        NO_PROOF("no-proof"),
        /** Its certificate proves nothing, or nothing any more. */
        BAD_CERTIFICATE("bad-certificate"),
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
