package io.beringia.trust.rotation;

/** What must be seen before a rotation goes on. None is passed by waiting alone. */
public enum Gate {
    /** The next root is fit, and lives long enough. */
    CANDIDATE("the next root is fit"),
    /** Every cluster has the CA that we left it, and would take another. */
    CLUSTERS("clusters are as we left them"),
    /** We know every data plane that there is. */
    INVENTORY("all data planes are known"),
    /** Every issuer gives out just the roots that it should. */
    HANDED_OUT("issuers give out the roots"),
    /** Every pod finds just the roots that it should where it looks for those of its CA. */
    MOUNTED("the roots are in every namespace"),
    /** Every data plane accepts leaves under the root. */
    TRUSTED("data planes trust the root"),
    /** Every foreign domain that trusts ours had the time to fetch the root, or was seen to. */
    PARTNERS("partners have the root"),
    /** A handshake under the next root went through with every proxy, and failed with none. */
    PROBES("probes go through"),
    /** Every issuer that should signs under the root. */
    SIGNERS("issuers sign under the root"),
    /** No leaf under the root that goes can be alive. */
    LEAVES("leaves under the leaving root are gone"),
    /** No issuer proves itself by the root that goes. */
    SERVING("issuers' own certificates are under the root"),
    /** No data plane accepts leaves under the root that goes. */
    GONE("nobody trusts the leaving root"),
    /** The key of the root that went is destroyed, and everybody denies it. */
    KEY("the old key is destroyed");

    private final String words;

    Gate(String words) {
        this.words = words;
    }

    /** What it waits for, for people. */
    public String words() {
        return words;
    }
}
