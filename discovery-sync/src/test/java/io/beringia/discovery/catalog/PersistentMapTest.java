package io.beringia.discovery.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PersistentMapTest {
    private static final int KEYS = 60;

    /** How keys hash. */
    enum Hashing {
        WELL,
        IN_HIGH_BITS_ONLY,
        MANY_TO_ONE,
        ALL_TO_ONE;

        Key key(int number) {
            return new Key(
                    number,
                    switch (this) {
                        case WELL -> number * 0x9e37_79b9;
                        case IN_HIGH_BITS_ONLY -> number << 26;
                        case MANY_TO_ONE -> number % 4;
                        case ALL_TO_ONE -> 0;
                    });
        }
    }

    record Key(int number, int hash) {
        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key(int it, int _) && it == number;
        }
    }

    @ParameterizedTest
    @EnumSource
    void is_what_a_map_is_after_any_changes_and_no_older_one_changes(Hashing hashing) {
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            PersistentMap<Key, Integer> map = PersistentMap.empty();
            Map<Key, Integer> plain = new HashMap<>();
            List<PersistentMap<Key, Integer>> older = new ArrayList<>();
            List<Map<Key, Integer>> wanted = new ArrayList<>();
            for (int i = 0; i < 150; i++) {
                older.add(map);
                wanted.add(new HashMap<>(plain));
                map = changed(map, plain, hashing.key(random.nextInt(KEYS)), random);
            }
            older.add(map);
            wanted.add(plain);

            for (int i = 0; i < older.size(); i++) {
                assertThat(new HashMap<>(older.get(i)))
                        .as("seed %d, map %d", seed, i)
                        .isEqualTo(wanted.get(i));
                assertThat(older.get(i)).hasSameSizeAs(wanted.get(i)).isEqualTo(wanted.get(i));
                assertThat(older.get(i)).hasSameHashCodeAs(wanted.get(i));
                assertThat(PersistentMap.differences(older.get(i), map))
                        .as("seed %d, from %d to the last", seed, i)
                        .isEqualTo(differences(wanted.get(i), plain))
                        .isEqualTo(PersistentMap.differences(map, older.get(i)));
                assertThat(older.get(i).equals(map)).isEqualTo(wanted.get(i).equals(plain));
            }
        }
    }

    private static PersistentMap<Key, Integer> changed(
            PersistentMap<Key, Integer> map, Map<Key, Integer> plain, Key key, Random random) {
        if (random.nextInt(5) < 2) {
            plain.remove(key);
            return map.without(key);
        }
        int value = random.nextInt(3);
        plain.put(key, value);
        return map.with(key, value);
    }

    private static Set<Key> differences(Map<Key, Integer> before, Map<Key, Integer> now) {
        Set<Key> all = new HashSet<>(before.keySet());
        all.addAll(now.keySet());
        all.removeIf(key -> before.getOrDefault(key, -1).equals(now.getOrDefault(key, -1)));
        return all;
    }

    @Test
    void has_one_order_however_it_came_to_be() {
        List<Integer> numbers = new ArrayList<>();
        PersistentMap<String, Integer> grown = PersistentMap.empty();
        PersistentMap<String, Integer> shrunk = PersistentMap.empty();
        for (int i = 0; i < 500; i++) {
            numbers.add(i);
            shrunk = shrunk.with("gone-" + i, i);
        }
        Collections.shuffle(numbers, new Random(1));
        for (int number : numbers) {
            grown = grown.with("key-" + number, number);
        }
        for (int i = 0; i < 500; i++) {
            shrunk = shrunk.with("key-" + i, i).without("gone-" + i);
        }

        assertThat(List.copyOf(shrunk.keySet())).containsExactlyElementsOf(grown.keySet());
    }

    @Test
    void looks_only_at_what_differs() {
        PersistentMap<String, Costly> before = PersistentMap.empty();
        for (int i = 0; i < 10_000; i++) {
            before = before.with("key-" + i, new Costly(0));
        }
        Costly.compared = 0;

        assertThat(PersistentMap.differences(
                        before, before.with("key-77", new Costly(1)).without("key-78")))
                .containsExactlyInAnyOrder("key-77", "key-78");
        assertThat(Costly.compared).as("values that were compared").isLessThan(100);
    }

    private static final class Costly {
        private static int compared;
        private final int value;

        private Costly(int value) {
            this.value = value;
        }

        @Override
        public boolean equals(Object other) {
            compared++;
            return other instanceof Costly it && it.value == value;
        }

        @Override
        public int hashCode() {
            return value;
        }
    }

    @Test
    void what_stays_equal_stays_the_very_same() {
        PersistentMap<String, String> map = PersistentMap.copyOf(Map.of("a", "1", "b", "2"));

        assertThat(map.with("a", new String("1"))).isSameAs(map);
        assertThat(map.without("c")).isSameAs(map);
        assertThat(map.holding(List.of("1x", "2x"), value -> value)).containsOnlyKeys("1x", "2x");
        assertThat(PersistentMap.copyOf(map)).isSameAs(map);
    }

    @Test
    void cannot_be_changed_from_outside() {
        PersistentMap<String, String> map = PersistentMap.copyOf(Map.of("a", "1"));

        assertThatThrownBy(() -> map.put("b", "2")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.remove("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(map::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> PersistentMap.empty().entrySet().iterator().next())
                .isInstanceOf(NoSuchElementException.class);
    }
}
