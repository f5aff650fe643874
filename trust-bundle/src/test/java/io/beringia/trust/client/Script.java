package io.beringia.trust.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A test as text: commands, {@code ----}, what happened, an empty line. {@code #} behind a blank starts a comment. */
record Script(List<Block> blocks) {
    private static final String RULE = "----";

    record Block(List<String> commands, List<String> expected) {
        private static Block parse(String text) {
            List<String> lines = text.lines()
                    .map(line -> line.replaceFirst("(^|\\s)#.*", "").strip())
                    .filter(Predicate.not(String::isEmpty))
                    .toList();
            int rule = lines.indexOf(RULE);
            return new Block(lines.subList(0, Math.max(rule, 0)), lines.subList(rule + 1, lines.size()));
        }
    }

    static Script read(String name) {
        try (InputStream in = Objects.requireNonNull(Script.class.getResourceAsStream(name), name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Script(Stream.of(text.split("\n\\s*\n", -1))
                    .filter(block -> block.contains(RULE))
                    .map(Block::parse)
                    .toList());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
