package io.beringia.scenarios.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PreflightTest {
    @Test
    void too_little_memory_is_one_sentence() {
        assertThat(Preflight.memory("MemTotal: 8000000 kB\nMemAvailable:    2097152 kB\n"))
                .contains("memory: 2.0 GiB available (expected: at least 3, for fourteen small processes)");
    }

    @Test
    void enough_memory_or_a_kernel_that_does_not_say_is_no_problem() {
        assertThat(Preflight.memory("MemAvailable:    3145728 kB\n")).isEmpty();
        assertThat(Preflight.memory("MemFree: 1 kB\n")).isEmpty();
    }

    @Test
    void an_address_in_use_is_named() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
            assertThatThrownBy(() -> Preflight.check(List.of(address)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + address.getPort())
                    .hasMessageContaining("expected: free");
        }
    }
}
