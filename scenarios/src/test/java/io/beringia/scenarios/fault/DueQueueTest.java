package io.beringia.scenarios.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DueQueueTest {
    private record Item(int number, long due) {}

    @Test
    void nothing_leaves_before_its_time_and_the_earliest_leaves_first() {
        DueQueue<String> queue = new DueQueue<>(8);
        queue.add("late", 30);
        queue.add("early", 10);
        queue.add("early, but after it", 10);

        assertThat(queue.take(9)).isEmpty();
        assertThat(queue.untilNext(4, 1_000)).isEqualTo(6);
        assertThat(queue.take(10)).contains("early");
        assertThat(queue.take(10)).contains("early, but after it");
        assertThat(queue.take(29)).isEmpty();
        assertThat(queue.untilNext(40, 1_000)).isZero();
        assertThat(queue.take(40)).contains("late");
        assertThat(queue.untilNext(40, 1_000)).as("nothing is there").isEqualTo(1_000);
    }

    @Test
    void a_full_queue_takes_nothing_more() {
        DueQueue<String> queue = new DueQueue<>(2);

        assertThat(queue.add("one", 1)).isTrue();
        assertThat(queue.add("two", 2)).isTrue();
        assertThat(queue.add("three", 0)).isFalse();
        assertThat(queue.take(9)).contains("one");
        assertThat(queue.add("three", 0)).isTrue();
    }

    @Test
    void whatever_comes_leaves_in_order_of_time_and_then_of_coming() {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            DueQueue<Item> queue = new DueQueue<>(200);
            List<Item> items = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Item item = new Item(i, random.nextInt(50));
                items.add(item);
                queue.add(item, item.due());
            }
            List<Item> left = new ArrayList<>();
            for (Optional<Item> next = queue.take(50); next.isPresent(); next = queue.take(50)) {
                left.add(next.get());
            }
            items.sort(Comparator.comparingLong(Item::due).thenComparingInt(Item::number));
            assertThat(left).isEqualTo(items);
        }
    }
}
