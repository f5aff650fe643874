package io.beringia.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

final class LimitsConfigTest {
    private static final long MIB = 1024 * 1024;

    @Test
    void tunnels_may_hold_half_of_the_memory_outside_the_heap() {
        assertThat(LimitsConfig.within(512 * MIB).tunnelBytes()).isEqualTo(256 * MIB);
    }

    @Test
    void refuses_too_little() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LimitsConfig(MIB - 1))
                .withMessage("gateway.limits.tunnel-bytes: 1048575 (expected: at least 1048576)");
    }

    @Test
    void refuses_more_than_the_process_has() {
        LimitsConfig.within(512 * MIB).requireWithin(512 * MIB);
        assertThatIllegalStateException()
                .isThrownBy(() -> new LimitsConfig(257 * MIB).requireWithin(512 * MIB))
                .withMessageContaining("gateway.limits.tunnel-bytes: 269484032")
                .withMessageContaining("268435456");
    }
}
