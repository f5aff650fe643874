package io.beringia.discovery.wire;

import java.util.List;

/** A document is not what it should be; carries everything that is wrong with it, each with its line. */
public final class YamlRefused extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    YamlRefused(String what, List<String> problems) {
        super(what + ": " + problems.size() + (problems.size() == 1 ? " problem: " : " problems: ")
                + String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
