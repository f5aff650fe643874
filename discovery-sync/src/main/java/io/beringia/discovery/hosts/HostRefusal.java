package io.beringia.discovery.hosts;

/** Why what a host says is not written. */
public enum HostRefusal {
    /** Its entry does not ask for it, by the annotation {@code proxy.istio.io/health-checks-enabled}. */
    NOT_CHECKED("not-checked"),
    /** Its certificate is of another account than the entry, or the entry has none. */
    OTHER_ACCOUNT("other-account"),
    /** It says that it has another address than the entry. */
    OTHER_ADDRESS("other-address"),
    /** There is no such entry any more. */
    NO_ENTRY("no-entry");

    private final String word;

    HostRefusal(String word) {
        this.word = word;
    }

    /** As meters and logs name it. */
    public String word() {
        return word;
    }
}
