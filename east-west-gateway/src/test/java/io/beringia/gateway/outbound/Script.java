package io.beringia.gateway.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A machine's test as text: commands, {@code ----}, what happened, an empty line. {@code #} starts a comment. */
record Script(List<Block> blocks) {
    record Block(List<String> commands, List<String> expected) {}

    static Script read(Class<?> beside, String name) {
        try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static Script parse(String text) {
        List<Block> blocks = new ArrayList<>();
        for (String block : text.split("\n\\s*\n", -1)) {
            List<String> lines = block.lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
            int rule = lines.indexOf("----");
            if (rule >= 0) {
                blocks.add(new Block(lines.subList(0, rule), lines.subList(rule + 1, lines.size())));
            }
        }
        return new Script(blocks);
    }
}
