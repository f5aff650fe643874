package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.beringia.gateway.HboneClient.Tunnel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A gateway that may open 2,048 files, and callers that open more connections than that and say nothing. */
final class DescriptorExhaustionTest {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final int MANY = 1_500;
    private static final int FEW = 5;

    private final List<SocketChannel> hoarded = new ArrayList<>();

    private void hoard(GatewayChild child, int connections) throws Exception {
        for (int i = 0; i < connections; i++) {
            hoarded.add(SocketChannel.open(HboneClient.inet(child.hbone())));
        }
    }

    private void letGo() throws Exception {
        for (SocketChannel one : hoarded) {
            one.close();
        }
    }

    private static String status(HboneClient client) throws Exception {
        Tunnel tunnel = client.open(World.AUTHORITY);
        String status = tunnel.status();
        tunnel.finish();
        return status;
    }

    private static void echoes(Tunnel tunnel, String word) throws Exception {
        assertThat(tunnel.write(word).read(word.length())).isEqualTo(word);
    }

    @Test
    void refuses_what_is_new_keeps_what_stands_and_recovers() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no shell to set a limit with");
        try (GatewayChild child = GatewayChild.start("ulimit -n 2048", "-Xmx256m");
                HboneClient client = child.client()) {
            Tunnel old = client.open(World.AUTHORITY);
            echoes(old, "before");
            hoard(child, MANY);
            while (!status(client).equals("503")) {
                hoard(child, FEW);
                assertThat(hoarded).as("connections without a refusal").hasSizeLessThan(10 * MANY);
            }
            echoes(old, "while new ones are refused");
            hoard(child, MANY);
            echoes(old, "while nothing is accepted");
            letGo();
            await("new tunnels are opened").atMost(WAIT).ignoreExceptions().until(() -> isServed(child));
            echoes(old, "after");
            assertThat(child.isAlive()).isTrue();
        } finally {
            letGo();
        }
    }

    private static boolean isServed(GatewayChild child) throws Exception {
        try (HboneClient another = child.client()) {
            return status(another).equals("200");
        }
    }
}
