package io.beringia.trust.issuance;

import io.grpc.Status;
import java.util.Locale;

/**
 * Every reason for which no certificate is issued: metric tag and log word in one place. The caller is told the
 * {@link Answer} alone, so that a guess teaches nothing.
 */
public enum Refusal {
    /** Neither a client certificate nor a known token. */
    NO_CREDENTIALS(Answer.NOT_AUTHENTICATED),
    /** A token that we do not know, or several. */
    UNKNOWN_TOKEN(Answer.NOT_AUTHENTICATED),
    /** A client certificate of another cluster: ours would make it speak for us. */
    OTHER_CLUSTER(Answer.NOT_AUTHENTICATED),
    /** {@code clusterid} names another cluster than ours, or several. */
    UNKNOWN_CLUSTER(Answer.NOT_AUTHENTICATED),
    /** The API server that could review the token does not answer. */
    REVIEWER_AWAY(Answer.UNAVAILABLE),
    /** The ID asked for is not on the caller's list, not canonical or of another trust domain. */
    IMPERSONATION(Answer.NOT_IMPERSONATING),
    /** No PKCS #10, no proof of its key, or a key that our peers do not verify. */
    BAD_REQUEST(Answer.INVALID),
    /** Shorter than 3 minutes or longer than we issue. */
    BAD_TTL(Answer.INVALID),
    /** Another signer was asked for than this one. */
    OTHER_SIGNER(Answer.INVALID),
    /** Our own signer has less left than the shortest life we issue. */
    SIGNER_EXPIRING(Answer.UNAVAILABLE),
    /** The key that signs does not answer: it is on a token, and that is away. */
    SIGNER_AWAY(Answer.UNAVAILABLE),
    /** No workload of the table: its user and group have no entry. */
    NOT_ATTESTED(Answer.NOT_AUTHENTICATED),
    /** We do not know the pods of our cluster, or not well enough now. */
    PODS_UNKNOWN(Answer.UNAVAILABLE),
    /** The ledger cannot be written, and must be before a certificate is handed out. */
    NOT_RECORDED(Answer.UNAVAILABLE),
    /** More requests at once than we work on. */
    BUSY(Answer.UNAVAILABLE),
    /** More requests of one caller than a node needs. */
    TOO_OFTEN(Answer.TOO_MANY);

    private final Answer answer;

    Refusal(Answer answer) {
        this.answer = answer;
    }

    /** What the caller gets to hear. */
    public Answer answer() {
        return answer;
    }

    /** The same, as gRPC says it. */
    Status status() {
        Status status = switch (answer) {
            case NOT_AUTHENTICATED, NOT_IMPERSONATING -> Status.UNAUTHENTICATED;
            case INVALID -> Status.INVALID_ARGUMENT;
            case UNAVAILABLE -> Status.UNAVAILABLE;
            case TOO_MANY -> Status.RESOURCE_EXHAUSTED;
        };
        return status.withDescription(answer.text());
    }

    /** Lower-case-dashed, as it stands in logs and metric tags. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The few answers that leave this process; the first two in istiod's words. */
    public enum Answer {
        NOT_AUTHENTICATED("request authenticate failure"),
        NOT_IMPERSONATING("request impersonation authentication failure"),
        INVALID("invalid certificate request"),
        UNAVAILABLE("signer not available"),
        TOO_MANY("too many requests");

        private final String text;

        Answer(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }
}
