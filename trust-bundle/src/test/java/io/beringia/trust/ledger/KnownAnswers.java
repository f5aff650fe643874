package io.beringia.trust.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What another implementation made of the entries "entry 0", "entry 1" and so on; see README.txt beside the files. */
final class KnownAnswers {
    private static final Path FOLDER = Path.of("src/test/resources/ledger");

    private KnownAnswers() {}

    static byte[] file(String name) {
        try {
            return Files.readAllBytes(FOLDER.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The words of each line that begins with {@code kind}. */
    static Stream<List<String>> lines(String kind) {
        return new String(file("tlog.txt"), StandardCharsets.UTF_8)
                .lines()
                .map(line -> List.of(line.split(" ")))
                .filter(words -> words.getFirst().equals(kind));
    }

    static List<Hash> hashes(List<String> words) {
        return words.stream().skip(3).map(Hash::parse).toList();
    }

    static byte[] entry(long i) {
        return ("entry " + i).getBytes(StandardCharsets.UTF_8);
    }

    static List<Hash> leaves(int size) {
        List<Hash> leaves = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            leaves.add(MerkleTree.leaf(entry(i)));
        }
        return leaves;
    }

    /** Subtrees of those leaves, each level hashed once. */
    static MerkleTree.Subtrees subtrees(int size) {
        List<List<Hash>> levels = new ArrayList<>(List.of(leaves(size)));
        while (levels.getLast().size() > 1) {
            List<Hash> below = levels.getLast();
            List<Hash> level = new ArrayList<>();
            for (int i = 0; i + 1 < below.size(); i += 2) {
                level.add(MerkleTree.node(below.get(i), below.get(i + 1)));
            }
            levels.add(level);
        }
        return (level, index) -> levels.get(level).get((int) index);
    }
}
