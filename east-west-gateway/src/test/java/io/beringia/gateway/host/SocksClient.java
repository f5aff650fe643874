package io.beringia.gateway.host;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A SOCKS5 client that shows the reply code. */
record SocksClient(Socket socket, int reply) implements AutoCloseable {
    static final int CONNECT = 1;

    static SocksClient connect(String proxy, String host, int port) throws IOException {
        return ask(proxy, CONNECT, host, port, new byte[0]);
    }

    /** {@code early} goes out in the same segment as the request. */
    static SocksClient ask(String proxy, int command, String host, int port, byte[] early) throws IOException {
        Socket socket = request(proxy, command, host, port, early);
        return new SocksClient(socket, reply(socket));
    }

    /** Says all it has to say before it knows whether anybody listens. */
    static SocksClient askAndFinish(String proxy, String host, int port, byte[] early) throws IOException {
        Socket socket = request(proxy, CONNECT, host, port, early);
        socket.shutdownOutput();
        return new SocksClient(socket, reply(socket));
    }

    private static Socket request(String proxy, int command, String host, int port, byte[] early) throws IOException {
        Socket socket = greet(proxy, new byte[] {5, 1, 0});
        if (socket.getInputStream().read() != 5 || socket.getInputStream().read() != 0) {
            throw new IOException("method: refused (expected: 0)");
        }
        byte[] address = address(host);
        socket.getOutputStream()
                .write(ByteBuffer.allocate(5 + address.length + early.length)
                        .put(new byte[] {5, (byte) command, 0})
                        .put(address)
                        .putShort((short) port)
                        .put(early)
                        .array());
        return socket;
    }

    private static int reply(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        in.readByte();
        int reply = in.readUnsignedByte();
        in.skipNBytes(8);
        return reply;
    }

    static Socket greet(String proxy, byte[] greeting) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(proxy, HostLab.SOCKS_PORT), 5_000);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(greeting);
        return socket;
    }

    /** Addresses by their bytes, everything else as a name. */
    private static byte[] address(String host) throws IOException {
        if (host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'))) {
            return ByteBuffer.allocate(5)
                    .put((byte) 1)
                    .put(InetAddress.getByName(host).getAddress())
                    .array();
        }
        if (host.indexOf(':') >= 0) {
            return ByteBuffer.allocate(17)
                    .put((byte) 4)
                    .put(InetAddress.getByName(host).getAddress())
                    .array();
        }
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(2 + name.length)
                .put((byte) 3)
                .put((byte) name.length)
                .put(name)
                .array();
    }

    /** Sends, ends its side, and reads to the other side's end. */
    String say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.shutdownOutput();
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
