package io.beringia.scenarios.drill;

import io.beringia.scenarios.load.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import tools.jackson.databind.json.JsonMapper;

/** A {@link Verdict} as files: for programs and for people. */
public final class VerdictFiles {
    /** As {@link VerdictJson} has it. */
    public static final String JSON = "verdict.json";

    public static final String PAGE = "report.html";

    /** As {@link VerdictJunit} has it. */
    public static final String JUNIT = "junit.xml";

    private VerdictFiles() {}

    /** Into a directory that is there. */
    public static void write(Verdict verdict, Collection<Outcome> outcomes, Path directory) throws IOException {
        Files.writeString(
                directory.resolve(JSON),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(VerdictJson.of(verdict)));
        Files.writeString(directory.resolve(JUNIT), VerdictJunit.print(verdict));
        Files.writeString(directory.resolve(PAGE), VerdictPage.print(verdict, outcomes));
    }
}
