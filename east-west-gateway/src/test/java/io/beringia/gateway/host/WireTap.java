package io.beringia.gateway.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes connections on, and remembers what the callers said. Threads of its own. */
final class WireTap implements AutoCloseable {
    private final ServerSocket server;
    private final InetSocketAddress to;
    private final List<Socket> came = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    WireTap(String ip, String toIp, int port) throws IOException {
        server = new ServerSocket(port, 16, InetAddress.getByName(ip));
        to = new InetSocketAddress(toIp, port);
        Thread.ofVirtual().name("wire-tap").start(this::accept);
    }

    /** All that was said so far, of all connections. */
    byte[] heard() {
        synchronized (heard) {
            return heard.toByteArray();
        }
    }

    /** Says goodbye to everybody who came, as if all were over. */
    void hangUp() throws IOException {
        for (Socket near : came) {
            near.shutdownOutput();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                came.add(near);
                Thread.ofVirtual().start(() -> join(near));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void join(Socket near) {
        try (near;
                Socket far = new Socket(to.getAddress(), to.getPort())) {
            Thread back = Thread.ofVirtual().start(() -> pass(far, near, OutputStream.nullOutputStream()));
            pass(near, far, heard);
            back.join();
        } catch (IOException gone) {
            // The connection ends, as it would without us.
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pass(Socket from, Socket to, OutputStream copy) {
        byte[] bytes = new byte[16 * 1024];
        try {
            InputStream in = from.getInputStream();
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                synchronized (copy) {
                    copy.write(bytes, 0, n);
                }
                to.getOutputStream().write(bytes, 0, n);
            }
            to.shutdownOutput();
        } catch (IOException gone) {
            // As above.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
