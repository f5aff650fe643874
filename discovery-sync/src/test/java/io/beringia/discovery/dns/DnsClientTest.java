package io.beringia.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A server that answers what it likes. */
final class DnsClientTest {
    @Test
    void what_a_server_says_cannot_move_the_cursor_of_who_reads_it() throws Exception {
        try (DatagramSocket hostile = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> answer(hostile));
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), hostile.getLocalPort());

            DnsClient.Reply reply = new DnsClient(address, Duration.ofSeconds(10)).ask("x.local", RecordType.TXT, 7);

            assertThat(reply.of("answer")).containsExactly("a\\027b. 5 TXT \"\\027[2J\\013\\010\\034\"");
            answered.get();
        }
    }

    private static void answer(DatagramSocket hostile) {
        byte[] text = "\u001b[2J\r\n\"".getBytes(StandardCharsets.US_ASCII);
        try {
            DatagramPacket asked = new DatagramPacket(new byte[512], 512);
            hostile.receive(asked);
            byte[] answer = ByteBuffer.allocate(512)
                    .putShort((short) 7)
                    .putShort((short) 0x8400)
                    .putShort((short) 0)
                    .putShort((short) 1)
                    .putInt(0)
                    .put(new byte[] {3, 'a', 0x1b, 'b', 0})
                    .putShort((short) RecordType.TXT.number())
                    .putShort((short) 1)
                    .putInt(5)
                    .putShort((short) (1 + text.length))
                    .put((byte) text.length)
                    .put(text)
                    .array();
            hostile.send(new DatagramPacket(answer, answer.length, asked.getSocketAddress()));
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }
}
