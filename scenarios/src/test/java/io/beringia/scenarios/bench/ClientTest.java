package io.beringia.scenarios.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Client and backend with no proxy between them. */
final class ClientTest {
    private static final int PATIENCE_SECONDS = 30;

    private InetSocketAddress address = new InetSocketAddress(0);
    private Backend backend;
    private Client client;

    @BeforeEach
    void begins() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            address = new InetSocketAddress("127.0.0.1", free.getLocalPort());
        }
        backend = Backend.listen(List.of(address));
        client = new Client(SslContextBuilder.forClient().build());
    }

    @AfterEach
    void ends() {
        client.close();
        backend.close();
    }

    @Test
    void one_byte_comes_through_a_tunnel_and_ends_it() throws Exception {
        Opening.one(client, new Door.Plain(address)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void all_bytes_come_both_ways() throws Exception {
        for (Throughput.Way way : Throughput.Way.values()) {
            Throughput throughput = new Throughput(client, Suite.AES_128, way, 3, 3L << 20);
            try (Client.Tunnels open = Measure.await(client.open(new Door.Plain(address), 1, 3))) {
                Measure.await(throughput.transfer(open));
            }
        }
    }

    @Test
    void messages_come_back() throws Exception {
        Messages messages = new Messages(client, Suite.AES_128, 2, Duration.ofMillis(50));
        assertThat(messages.exchange(new Door.Plain(address))).isPositive();
    }

    @Test
    void nobody_who_listens_is_a_failure() throws Exception {
        backend.close();
        assertThatThrownBy(() -> Opening.one(client, new Door.Plain(address)).get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("refused");
    }
}
