package io.beringia.scenarios.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LinkFaultTest {
    private static final Site EAST = new Site("east", 1);
    private static final Site WEST = new Site("west", 2);

    @Test
    void each_way_is_a_rule_of_a_table_of_its_own() {
        LinkFault.Effect.Drop drop = new LinkFault.Effect.Drop();
        LinkFault fault = new LinkFault(drop, List.of(new LinkFault.Way(EAST, WEST), new LinkFault.Way(WEST, EAST)));
        assertThat(fault.table("fault_1", drop)).isEqualTo("""
                        table inet fault_1 {
                        chain forward {
                        type filter hook forward priority 0;
                        ip saddr 127.1.0.0/16 ip daddr 127.2.0.0/16 drop
                        ip saddr 127.2.0.0/16 ip daddr 127.1.0.0/16 drop
                        }
                        }
                        """);
    }

    @Test
    void each_effect_is_one_of_the_kernels() {
        assertThat(rule(new LinkFault.Effect.Refuse(15_008))).endsWith(" tcp dport 15008 reject with tcp reset");
        assertThat(rule(new LinkFault.Effect.Lose(5))).endsWith(" numgen random mod 100 < 5 drop");
        assertThat(rule(new LinkFault.Effect.DropAbove(1_300))).endsWith(" meta length > 1300 drop");
    }

    @Test
    void nothing_is_no_fault() {
        assertThatThrownBy(() -> new LinkFault(new LinkFault.Effect.Drop(), List.of()))
                .hasMessage("fault: no way (expected: at least one)");
        assertThatThrownBy(() -> new LinkFault.Effect.Lose(0)).hasMessage("loss: 0 % (expected: 1..100)");
        assertThatThrownBy(() -> new Site("hub", 200)).hasMessage("site hub: 200 (expected: 1..199)");
    }

    private static String rule(LinkFault.Effect.Rule effect) {
        return new LinkFault(effect, List.of(new LinkFault.Way(EAST, WEST)))
                .table("t", effect)
                .lines()
                .filter(line -> line.startsWith("ip "))
                .findFirst()
                .orElseThrow();
    }
}
