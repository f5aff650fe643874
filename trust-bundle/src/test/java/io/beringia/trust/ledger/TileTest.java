package io.beringia.trust.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TileTest {
    @Test
    void tiles_are_those_of_another_implementation() {
        for (int size : new int[] {256, 70_000}) {
            MerkleTree.Subtrees tree = KnownAnswers.subtrees(size);
            Set<String> known = KnownAnswers.lines("tile")
                    .filter(line -> line.get(1).equals(String.valueOf(size)))
                    .map(line -> line.get(2) + " " + line.get(3))
                    .collect(Collectors.toSet());
            assertThat(Tile.hashesOf(size).stream()
                            .map(tile -> tile + " " + Hash.sha256(octets(tile, tree)))
                            .collect(Collectors.toSet()))
                    .as("size %d", size)
                    .isEqualTo(known)
                    .isNotEmpty();
        }
    }

    private static byte[] octets(Tile tile, MerkleTree.Subtrees tree) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int i = 0; i < tile.width(); i++) {
            octets.writeBytes(tree.root(tile.level() * Tile.HEIGHT, tile.index() * Tile.WIDTH_MAX + i)
                    .octets());
        }
        return octets.toByteArray();
    }

    @Test
    void names_are_those_of_the_standard() {
        assertThat(new Tile(0, 1_234_067, 256).path()).isEqualTo("tile/0/x001/x234/067");
        assertThat(new Tile(Tile.ENTRIES, 5, 17).path()).isEqualTo("tile/entries/005.p/17");
        assertThat(Tile.entriesOf(513))
                .extracting(Tile::path)
                .containsExactly("tile/entries/000", "tile/entries/001", "tile/entries/002.p/1");
        assertThat(Tile.hashesOf(0)).as("of an empty log").isEmpty();
    }

    @Test
    void reading_a_name_is_the_inverse_of_writing_it() {
        Random random = new Random(20_261);
        for (int i = 0; i < 10_000; i++) {
            Tile tile = new Tile(
                    random.nextInt(-1, 64), random.nextLong(1L << random.nextInt(1, 50)), random.nextInt(1, 257));
            assertThat(Tile.parse(tile.path())).as(tile.path()).contains(tile);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tile/64/000",
                "tile/00/000",
                "tile/-1/000",
                "tile/0/00",
                "tile/0/0000",
                "tile/0/x000/001",
                "tile/0/001/002",
                "tile/0/000.p/0",
                "tile/0/000.p/256",
                "tile/0/000.p/01",
                "tile/0/000.p/300",
                "tile/0/../0/000",
                "tile/entries/000/",
                "/tile/0/000",
                "tile/0/x001/001.p",
                "tile/0/٠٠٠"
            })
    void another_spelling_is_no_tile(String path) {
        assertThat(Tile.parse(path)).isEmpty();
    }

    @Test
    void a_bundle_is_read_as_it_was_written() {
        List<byte[]> entries = List.of(new byte[0], new byte[] {1, 2}, new byte[65_535]);
        byte[] bundle = EntryBundle.write(entries);

        assertThat(EntryBundle.read(bundle, 3)).usingRecursiveComparison().isEqualTo(entries);
        assertThatThrownBy(() -> EntryBundle.read(bundle, 2)).hasMessageContaining("behind the last entry");
        assertThatThrownBy(() -> EntryBundle.read(bundle, 4)).hasMessageContaining("ends within entry 3");
    }

    @Test
    void a_proof_reads_few_tiles_and_those_once() {
        MerkleTree.Subtrees tree = KnownAnswers.subtrees(70_000);
        List<String> reads = new ArrayList<>();
        LogSource source = path -> {
            reads.add(path);
            return Tile.parse(path).map(tile -> octets(tile, tree));
        };

        InclusionProof proof = MerkleTree.inclusion(300, 70_000, new TileReader(source, 70_000));

        assertThat(proof).isEqualTo(MerkleTree.inclusion(300, 70_000, tree));
        assertThat(new HashSet<>(reads)).as("distinct").hasSize(reads.size()).hasSizeLessThan(7);
    }
}
