package io.beringia.scenarios.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Stands where a host proxy stands: accepts plain connections, and hands them on behind a PROXY header that names a caller. */
final class ProxyFront implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    private final InetSocketAddress application;
    private final String caller;

    ProxyFront(InetSocketAddress application, String caller) throws IOException {
        this.application = application;
        this.caller = caller;
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    static byte[] header(String caller) {
        byte[] id = caller.getBytes(StandardCharsets.UTF_8);
        int length = 12 + 3 + id.length;
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(new byte[] {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a});
        header.writeBytes(new byte[] {0x21, 0x11, (byte) (length >> 8), (byte) length});
        header.writeBytes(new byte[12]);
        header.writeBytes(new byte[] {(byte) 0xd0, (byte) (id.length >> 8), (byte) id.length});
        header.writeBytes(id);
        return header.toByteArray();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(application.getAddress(), application.getPort());
                server.getOutputStream().write(header(caller));
                Thread.ofVirtual().start(() -> copy(client, server));
                Thread.ofVirtual().start(() -> copy(server, client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException closed) {
            // One side has ended, and so has the pair.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
