package io.beringia.discovery.wire;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A document is not what it should be; carries everything that is wrong with it, each with its line. */
public final class YamlRefused extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private static final Pattern LINE = Pattern.compile("^line (\\d{1,9}): .*", Pattern.DOTALL);

    private final String what;
    private final List<String> problems;

    YamlRefused(String what, List<String> problems) {
        this(inOrder(problems), what);
    }

    private YamlRefused(List<String> ordered, String what) {
        super(heading(what, ordered) + String.join("; ", ordered));
        this.what = what;
        this.problems = List.copyOf(ordered);
    }

    /** As a reader goes through the file; what belongs to no line comes last. */
    private static List<String> inOrder(List<String> problems) {
        return problems.stream()
                .sorted(Comparator.comparingInt(YamlRefused::line))
                .toList();
    }

    private static int line(String problem) {
        Matcher found = LINE.matcher(problem);
        return found.matches() ? Integer.parseInt(found.group(1)) : Integer.MAX_VALUE;
    }

    private static String heading(String what, List<String> problems) {
        return what + ": " + problems.size() + (problems.size() == 1 ? " problem: " : " problems: ");
    }

    /** The document, and how much is wrong with it. */
    public String heading() {
        return heading(what, problems).strip();
    }

    public List<String> problems() {
        return problems;
    }
}
