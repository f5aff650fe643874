package io.beringia.trust.identity;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is trusted no more although a path to a root proves it, at one moment. Immutable.
 *
 * @param generation grows with every change
 * @param lists what issuers took back; several may be of one issuer, and each counts
 * @param policy for certificates of which no list speaks
 * @param denylist what the operator of this process denies, whatever issuers say
 * @param constraints for whom issuers may speak
 */
public record Revocations(
        long generation,
        List<RevocationList> lists,
        CrlPolicy policy,
        Denylist denylist,
        VirtualConstraints constraints) {
    public static final Revocations NONE = new Revocations(0, List.of(), CrlPolicy.OPEN, Denylist.EMPTY);

    /** Below issuers that may speak for everybody. */
    public Revocations(long generation, List<RevocationList> lists, CrlPolicy policy, Denylist denylist) {
        this(generation, lists, policy, denylist, VirtualConstraints.NONE);
    }

    public Revocations {
        lists = List.copyOf(lists);
    }

    /** True where nobody is refused, whoever comes. */
    public boolean refuseNobody() {
        return lists.isEmpty()
                && policy == CrlPolicy.OPEN
                && denylist.isEmpty()
                && constraints.equals(VirtualConstraints.NONE);
    }

    /** Policies, lists, and the sizes of denylist and constraints, a line each. */
    public String summary() {
        Stream<String> issuers = Stream.of("issuers " + constraints.size()).filter(it -> constraints.size() > 0);
        return headed(Stream.concat(Stream.of("denylist " + denylist.size()), issuers));
    }

    /** The same with every entry: one text for each content, whatever its order in a file. */
    public String text() {
        return headed(Stream.concat(denylist.lines(), constraints.lines().map("issuer "::concat)));
    }

    private String headed(Stream<String> lines) {
        return Stream.concat(head(), lines).collect(Collectors.joining("\n")) + "\n";
    }

    private Stream<String> head() {
        return Stream.of(
                        Stream.of("policy " + policy),
                        Stream.of("virtual-constraints " + constraints.enforcement())
                                .filter(it -> !constraints.equals(VirtualConstraints.NONE)),
                        lists.stream()
                                .map(list -> "list " + list.name() + " until " + list.nextUpdate())
                                .sorted())
                .flatMap(one -> one);
    }

    @Override
    public String toString() {
        return "Revocations[generation " + generation + ", " + lists.size() + " lists, " + policy + ", " + denylist
                + "]";
    }
}
