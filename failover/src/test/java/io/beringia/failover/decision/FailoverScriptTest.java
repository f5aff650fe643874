package io.beringia.failover.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plays scripts: facts, a line of dashes, and what the leader does about them, until it has nothing left to do. */
final class FailoverScriptTest {
    private static final Pattern BLANK = Pattern.compile("\\n[ \\t]*\\n");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "region_dies",
                "region_refuses",
                "region_returns",
                "only_paths_are_cut",
                "too_few_witnesses",
                "everything_looks_bad",
                "half_of_it_looks_bad",
                "no_fence",
                "flapping",
                "operator",
                "another_clock",
                "wanted_away",
                "comes_back_too_soon",
                "nobody_to_trust",
                "too_little_elsewhere",
                "policy_skew",
                "policy_skew_blocks"
            })
    void plays(String name) throws IOException {
        ScriptedMesh mesh = new ScriptedMesh();
        List<String> played = new ArrayList<>();
        List<String> written = new ArrayList<>();
        for (Block block : blocks(name)) {
            written.add(text(block.facts(), block.expected()));
            played.add(text(block.facts(), mesh.play(block.facts())));
        }
        assertThat(String.join("\n\n", played)).isEqualTo(String.join("\n\n", written));
    }

    /** What happens, and what is expected of it. */
    record Block(List<String> facts, List<String> expected) {}

    static String text(List<String> facts, List<String> happened) {
        return String.join(
                "\n", Stream.concat(facts.stream(), happened.stream()).toList());
    }

    static List<Block> blocks(String name) throws IOException {
        return BLANK.splitAsStream(read(name).strip())
                .map(FailoverScriptTest::meaning)
                .filter(lines -> !lines.isEmpty())
                .map(FailoverScriptTest::block)
                .toList();
    }

    private static Block block(List<String> lines) {
        int dashes = lines.indexOf("----");
        return dashes < 0
                ? new Block(lines, List.of())
                : new Block(lines.subList(0, dashes), lines.subList(dashes + 1, lines.size()));
    }

    private static List<String> meaning(String block) {
        return block.lines()
                .map(line -> line.replaceFirst("#.*", "").strip().replaceAll("\\s+", " "))
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static String read(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(FailoverScriptTest.class.getResourceAsStream(name + ".txt"), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
