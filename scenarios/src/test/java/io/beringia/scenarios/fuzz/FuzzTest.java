package io.beringia.scenarios.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What fuzzing found, and what it needs to start from: each input goes through its target again. */
final class FuzzTest {
    private static final Path SOURCES = Path.of("src", "test", "java");
    private static final String SUFFIX = "Fuzz.java";

    static List<FuzzTarget> targets() {
        return FuzzTarget.all();
    }

    @ParameterizedTest
    @MethodSource("targets")
    @Timeout(60)
    void kept_inputs_are_still_answered(FuzzTarget target) throws Throwable {
        List<byte[]> inputs = target.inputs();
        assertThat(inputs).as("kept for %s", target).isNotEmpty();
        target.run(new byte[0]);
        for (byte[] input : inputs) {
            run(target, input);
        }
    }

    private static void run(FuzzTarget target, byte[] input) {
        try {
            target.run(input);
        } catch (Throwable finding) {
            throw new AssertionError(target + ": " + Base64.getEncoder().encodeToString(input), finding);
        }
    }

    @Test
    void every_target_has_inputs() throws IOException {
        assertThat(targets()).extracting(FuzzTarget::name).containsExactlyInAnyOrderElementsOf(written());
    }

    private static List<String> written() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.map(SOURCES::relativize)
                    .map(Path::toString)
                    .filter(file -> file.endsWith(SUFFIX))
                    .map(file ->
                            file.substring(0, file.length() - ".java".length()).replace('/', '.'))
                    .toList();
        }
    }
}
