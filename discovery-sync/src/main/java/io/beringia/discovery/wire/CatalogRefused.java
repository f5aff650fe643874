package io.beringia.discovery.wire;

import java.util.List;

/** A text is no catalog; carries everything that is wrong with it, each with its line. */
public final class CatalogRefused extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    CatalogRefused(List<String> problems) {
        super("catalog: " + problems.size() + " problems: " + String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
