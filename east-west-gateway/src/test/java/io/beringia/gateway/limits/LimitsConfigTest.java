package io.beringia.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LimitsConfigTest {
    private static final long MIB = 1024 * 1024;

    @Test
    void tunnels_may_hold_half_of_the_memory_outside_the_heap() {
        assertThat(LimitsConfig.within(512 * MIB, 256 * MIB).tunnelBytes()).isEqualTo(256 * MIB);
    }

    @Test
    void connections_and_tunnels_follow_from_the_heap() {
        LimitsConfig limits = LimitsConfig.within(512 * MIB, 256 * MIB);
        assertThat(limits.connections()).isEqualTo(2_048);
        assertThat(limits.tunnels()).isEqualTo(16_384);
    }

    @Test
    void a_client_has_less_than_a_gateway_unless_told_otherwise() {
        LimitsConfig limits = LimitsConfig.ofProcess();
        assertThat(limits.client()).isEqualTo(new PeerAllowance(64, 1_000, 500));
        assertThat(limits.gateway()).isEqualTo(new PeerAllowance(256, 20_000, 5_000));
        assertThat(limits.handshakes()).isEqualTo(new HandshakeRates(50, 200));
    }

    @Test
    void refuses_what_is_out_of_range() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PeerAllowance(0, 1, 1))
                .withMessage("connections: 0 (expected: 1..1000000)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PeerAllowance(1, 1_000_001, 1))
                .withMessage("tunnels: 1000001 (expected: 1..1000000)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PeerAllowance(1, 1, 0))
                .withMessage("new-tunnels: 0 (expected: 1..1000000)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HandshakeRates(0, 1))
                .withMessage("per-source: 0 (expected: 1..100000)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HandshakeRates(1, 100_001))
                .withMessage("per-loop: 100001 (expected: 1..100000)");
    }

    @Test
    void refuses_rates_of_frames_by_which_no_honest_peer_could_live() {
        assertThat(LimitsConfig.ofProcess().frames()).isEqualTo(new FrameRates(10, 100, 100, 20, 500));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FrameRates(0, 100, 100, 20, 500))
                .withMessage("control: 0 (expected: 1..1000)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FrameRates(10, 9, 100, 20, 500))
                .withMessage("idle: 9 (expected: 10..10000)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FrameRates(10, 100, 10_001, 20, 500))
                .withMessage("priorities: 10001 (expected: 1..10000)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FrameRates(10, 100, 100, 1, 500))
                .withMessage("window-updates: 1 (expected: 2..1000)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FrameRates(10, 100, 100, 20, 99))
                .withMessage("resets-from: 99 (expected: 100..100000)");
    }

    @Test
    void refuses_a_patience_of_nothing_or_without_end() {
        assertThat(LimitsConfig.ofProcess().stall()).isEqualTo(Duration.ofMinutes(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LimitsConfig.ofProcess().withStall(Duration.ofMillis(999)))
                .withMessage("gateway.limits.stall: PT0.999S (expected: 1s..1h)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LimitsConfig.ofProcess().withStall(Duration.ofHours(2)))
                .withMessage("gateway.limits.stall: PT2H (expected: 1s..1h)");
    }

    @Test
    void refuses_too_little() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LimitsConfig.ofProcess().withTunnelBytes(MIB - 1))
                .withMessage("gateway.limits.tunnel-bytes: 1048575 (expected: at least 1048576)");
    }

    @Test
    void refuses_more_than_the_process_has() {
        LimitsConfig.within(512 * MIB, 256 * MIB).requireWithin(512 * MIB);
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        LimitsConfig.ofProcess().withTunnelBytes(257 * MIB).requireWithin(512 * MIB))
                .withMessageContaining("gateway.limits.tunnel-bytes: 269484032")
                .withMessageContaining("268435456");
    }
}
