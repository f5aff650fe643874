package io.beringia.scenarios.interop;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Calls the echo through the SOCKS5 door of a ztunnel (RFC 1928, no authentication), one connection after the other, and
 * prints how many were answered. Arguments: destination address, port, number of connections, word to send.
 *
 * <p>ztunnel says yes before its tunnel exists, so only the echo itself proves one.
 */
final class SocksCallMain {
    static final int SOCKS_PORT = 15_080;
    private static final int TIMEOUT_MILLIS = 15_000;
    private static final int ANSWER_BYTES = 10;

    private SocksCallMain() {}

    public static void main(String[] args) {
        int answered = 0;
        int calls = Integer.parseInt(args[2]);
        for (int call = 0; call < calls; call++) {
            String line = args[3] + "-" + call;
            try {
                answered += isAnswered(args[0], Integer.parseInt(args[1]), line) ? 1 : 0;
            } catch (IOException failed) {
                System.out.println("call " + call + ": " + failed);
            }
        }
        System.out.println(answered(answered, calls));
    }

    static String answered(int answered, int calls) {
        return "answered " + answered + " of " + calls;
    }

    private static boolean isAnswered(String address, int port, String line) throws IOException {
        try (Socket socket = connected(InetAddress.getByName(address), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .equals("echo " + line + "\n");
        }
    }

    /** A socket through the door, to be closed by the caller. */
    static Socket connected(InetAddress address, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), SOCKS_PORT), TIMEOUT_MILLIS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            socket.getOutputStream().write(new byte[] {5, 1, 0});
            in.readNBytes(2);
            socket.getOutputStream().write(connect(address, port));
            in.readNBytes(ANSWER_BYTES);
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    private static byte[] connect(InetAddress address, int port) {
        return ByteBuffer.allocate(ANSWER_BYTES)
                .put(new byte[] {5, 1, 0, 1})
                .put(address.getAddress())
                .putShort((short) port)
                .array();
    }
}
