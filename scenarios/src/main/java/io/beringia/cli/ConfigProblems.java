package io.beringia.cli;

import java.util.List;

/** All that is wrong with a configuration, at once: whoever mends it should need one round, not ten. */
public final class ConfigProblems extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    ConfigProblems(String file, List<String> problems) {
        super(file + ": "
                + (problems.size() == 1
                        ? problems.getFirst()
                        : problems.size() + " problems\n  " + String.join("\n  ", problems)));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
