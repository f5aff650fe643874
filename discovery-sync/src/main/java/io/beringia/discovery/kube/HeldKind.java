package io.beringia.discovery.kube;

/**
 * What stays of one kind although our own API does not say any more that it is there.
 *
 * @param kind as the API calls it: {@code services}, {@code serviceexports.multicluster.x-k8s.io}
 * @param objects that stay; also 0, where only the definition is gone
 */
public record HeldKind(String kind, int objects, Reason why) {
    /** And until when. */
    public enum Reason {
        MISSING("missing in a list, until a second one a minute later agrees"),
        DELETED("deleted together with much else, until half a minute is over"),
        UNDEFINED("its CustomResourceDefinition is gone, until that is back and lists it or not");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    @Override
    public String toString() {
        return objects + " " + kind + " held: " + why.words();
    }
}
