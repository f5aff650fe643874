package io.beringia.scenarios.drill.play;

import io.beringia.discovery.wire.YamlFields;
import io.beringia.scenarios.demo.DemoRegion;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Reads drills, all problems of one at once. Pure but for the library, which is made of resources. */
final class DrillFile {
    private static final String LIBRARY = "library.txt";
    private static final int PER_SECOND = 20;
    private static final Drill.Abort NEVER = new Drill.Abort(100, Duration.ofSeconds(5));

    private DrillFile() {}

    /** The names of the library, in its order. */
    static List<String> library() throws IOException {
        return resource(LIBRARY).lines().toList();
    }

    /** One of the library, or {@link IOException}. */
    static Drill named(String name) throws IOException {
        if (!library().contains(name)) {
            throw new IOException("drill: " + name + " (expected: one of " + String.join(", ", library()) + ")");
        }
        return parse(name + ".yaml", resource(name + ".yaml"));
    }

    /** Throws {@link io.beringia.discovery.wire.YamlRefused} with everything that is wrong with it. */
    static Drill parse(String what, String text) {
        return YamlFields.document(what, text, DrillFile::read);
    }

    private static Drill read(YamlFields yaml) {
        return new Drill(
                yaml.required("drill", "", text -> text),
                yaml.required("hypothesis", "", text -> text),
                yaml.optional("region", DemoRegion.EAST, DemoRegion::named),
                yaml.optional("per-second", PER_SECOND, Integer::parseInt),
                preconditions(yaml.list("preconditions", Precondition::parse)),
                yaml.listOf("chapters", DrillFile::chapter),
                yaml.list("expect", Expected::parse),
                yaml.maybeOf("abort", DrillFile::abort).orElse(NEVER));
    }

    private static List<Precondition> preconditions(List<Precondition> written) {
        return written.isEmpty() ? Precondition.USUAL : written;
    }

    private static Drill.Chapter chapter(YamlFields yaml) {
        List<String> lost = yaml.list(
                "not-counting", text -> DemoRegion.named(text).region().name());
        return new Drill.Chapter(
                yaml.required("chapter", "", text -> text), Set.copyOf(lost), yaml.list("steps", Step::parse));
    }

    private static Drill.Abort abort(YamlFields yaml) {
        return new Drill.Abort(
                yaml.required("failed-percent", 100, Integer::parseInt),
                yaml.required("over", Duration.ZERO, YamlFields::duration));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = DrillFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException(name + " is missing from the distribution");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
