package io.beringia.scenarios.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

final class ReadinessDoorTest {
    @Test
    void accepts_while_open_and_refuses_while_closed() throws IOException {
        InetSocketAddress address;
        try (ReadinessDoor door = new ReadinessDoor(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            address = door.open();
            assertThat(isOpen(address)).as("open").isTrue();
        }
        assertThatThrownBy(() -> isOpen(address)).as("closed").isInstanceOf(ConnectException.class);
    }

    @Test
    void opens_again_on_the_same_port() throws IOException {
        InetSocketAddress address;
        try (ReadinessDoor first = new ReadinessDoor(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            address = first.open();
        }
        try (ReadinessDoor again = new ReadinessDoor(address)) {
            again.open();
            again.close();
            assertThat(again.open()).as("address").isEqualTo(address);
            assertThat(isOpen(address)).as("open").isTrue();
        }
    }

    private static boolean isOpen(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            return socket.isConnected();
        }
    }
}
