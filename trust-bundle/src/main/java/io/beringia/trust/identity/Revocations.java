package io.beringia.trust.identity;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is trusted no more although a path to a root proves it, at one moment. Immutable.
 *
 * @param generation grows with every change
 * @param lists what issuers took back; several may be of one issuer, and each counts
 * @param policy for certificates of which no list speaks
 * @param denylist what the operator of this process denies, whatever issuers say
 */
public record Revocations(long generation, List<RevocationList> lists, CrlPolicy policy, Denylist denylist) {
    public static final Revocations NONE = new Revocations(0, List.of(), CrlPolicy.OPEN, Denylist.EMPTY);

    public Revocations {
        lists = List.copyOf(lists);
    }

    /** True where nobody is refused, whoever comes. */
    public boolean refuseNobody() {
        return lists.isEmpty() && policy == CrlPolicy.OPEN && denylist.isEmpty();
    }

    /** Policy, lists and the size of the denylist, a line each. */
    public String summary() {
        return head().collect(Collectors.joining("\n")) + "\ndenylist " + denylist.size() + "\n";
    }

    /** The same with every entry of the denylist: one text for each content, whatever its order in a file. */
    public String text() {
        return Stream.concat(head(), denylist.lines()).collect(Collectors.joining("\n")) + "\n";
    }

    private Stream<String> head() {
        return Stream.concat(
                Stream.of("policy " + policy.name().toLowerCase(Locale.ROOT)),
                lists.stream()
                        .map(list -> "list " + list.name() + " until " + list.nextUpdate())
                        .sorted());
    }

    @Override
    public String toString() {
        return "Revocations[generation " + generation + ", " + lists.size() + " lists, " + policy + ", " + denylist
                + "]";
    }
}
