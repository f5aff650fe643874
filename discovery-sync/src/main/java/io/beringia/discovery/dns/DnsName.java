package io.beringia.discovery.dns;

import java.util.List;
import java.util.Locale;

/** A name by its labels, as they were written; equal whatever the case of ASCII letters (RFC 4343). */
public final class DnsName {
    private static final int LABEL_BYTES_MAX = 63;

    /** On the wire, with a length before each label and the root at the end. */
    private static final int NAME_BYTES_MAX = 255;

    private final List<String> labels;
    private final List<String> folded;

    private DnsName(List<String> labels) {
        this.labels = List.copyOf(labels);
        this.folded =
                labels.stream().map(label -> label.toLowerCase(Locale.ROOT)).toList();
    }

    /** Each character of a label is one byte. Throws {@link IllegalArgumentException} where it is no name. */
    static DnsName of(List<String> labels) {
        if (!isName(labels)) {
            throw new IllegalArgumentException("DNS name: " + labels.size() + " labels of "
                    + labels.stream().mapToInt(String::length).sum() + " bytes (expected: labels of 1 to "
                    + LABEL_BYTES_MAX + ", with their lengths at most " + NAME_BYTES_MAX + ")");
        }
        return new DnsName(labels);
    }

    static boolean isName(List<String> labels) {
        boolean areLabels = labels.stream()
                .allMatch(label -> !label.isEmpty()
                        && label.length() <= LABEL_BYTES_MAX
                        && label.chars().allMatch(c -> c <= 255));
        return areLabels
                && 1 + labels.stream().mapToInt(label -> 1 + label.length()).sum() <= NAME_BYTES_MAX;
    }

    /** With dots between; one at the end says nothing. */
    public static DnsName parse(String text) {
        String bare = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return of(bare.isEmpty() ? List.of() : List.of(bare.split("\\.", -1)));
    }

    /** As they were written. */
    List<String> labels() {
        return labels;
    }

    /** In lower case. */
    List<String> folded() {
        return folded;
    }

    boolean isWithin(DnsName zone) {
        int extra = folded.size() - zone.folded.size();
        return extra >= 0 && folded.subList(extra, folded.size()).equals(zone.folded);
    }

    /** The labels before a zone in which it is, in lower case. */
    List<String> before(DnsName zone) {
        return folded.subList(0, folded.size() - zone.folded.size());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DnsName that && folded.equals(that.folded);
    }

    @Override
    public int hashCode() {
        return folded.hashCode();
    }

    @Override
    public String toString() {
        return String.join(".", labels) + ".";
    }
}
