package io.beringia.trust.rotation;

/** What is wrong with one of those that a gate waits for. */
public enum Lack {
    NO_CANDIDATE("no next root is made"),
    UNFIT("lint, a verifier or a proof of its key speaks against it"),
    SHORT_LIVED("ends before two intermediates in a row would"),
    UNSEEN("has not been seen for too long"),
    NOT_SEEN_SINCE("has not been seen since every issuer obeys"),
    OTHER_ROOTS("has another CA than the one that we gave it"),
    TAKES_NO_UPDATE("would drop an update of its CA"),
    UNLISTED("its data planes have not been listed for too long"),
    NEVER_LISTED("its data planes were not listed since this process began"),
    NO_ISSUER("nobody is known to sign there"),
    NOT_OBEYED("has not obeyed the newest order"),
    OTHER_HANDED_OUT("gives out other roots"),
    OTHER_MOUNTED("a namespace holds other roots"),
    MOUNTING("pods may still read the file before"),
    NOT_TRUSTING("does not trust it yet"),
    NOT_FETCHED("has not fetched it"),
    FETCHING("may not have fetched it yet"),
    NOT_PROBED("no probe of this phase has reached it from every cluster"),
    REFUSES("refuses the probe"),
    OTHER_SIGNER("signs under another root"),
    OTHER_LEAF("presents a leaf under the leaving root"),
    LEAVES_ALIVE("leaves that it made under the leaving root may be alive"),
    OTHER_SERVING("proves itself by the leaving root"),
    STILL_TRUSTING("still trusts it"),
    KEY_EXISTS("its key is not known to be destroyed and denied");

    private final String words;

    Lack(String words) {
        this.words = words;
    }

    /** As part of a sentence that begins with who. */
    public String words() {
        return words;
    }
}
