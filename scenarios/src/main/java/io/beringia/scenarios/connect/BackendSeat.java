package io.beringia.scenarios.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Where the target delivers tunnels: a TCP server that does what a case says. Blocking; owned by one run of the suite. */
final class BackendSeat implements AutoCloseable {
    private static final int BACKLOG = 512;
    /** Whoever has connected by now is waiting already. */
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private final InetSocketAddress address;
    private final Duration patience;
    private final List<Socket> accepted = new ArrayList<>();
    /** A target that does not read must not stop the case that watches it. */
    private final ExecutorService writer =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());

    private ServerSocket server;

    BackendSeat(InetSocketAddress address, Duration patience) {
        this.address = address;
        this.patience = patience;
        this.server = bind(address);
    }

    private static ServerSocket bind(InetSocketAddress address) {
        try {
            ServerSocket server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(address, BACKLOG);
            return server;
        } catch (IOException refused) {
            throw new UncheckedIOException(
                    "backend: cannot listen at " + address + " (expected: a free address of this machine)", refused);
        }
    }

    /** Forgets what earlier cases left. */
    void clear() throws IOException {
        if (server.isClosed()) {
            server = bind(address);
        }
        boolean more = acceptIfWaiting();
        while (more) {
            more = acceptIfWaiting();
        }
        for (Socket socket : accepted) {
            socket.close();
        }
        accepted.clear();
    }

    /** Accepts a connection that is waiting, if there is one. */
    boolean acceptIfWaiting() throws IOException {
        try {
            accept(AT_ONCE);
            return true;
        } catch (SocketTimeoutException nobody) {
            return false;
        }
    }

    /** Whoever asks from now on is refused by the kernel. */
    void refuse() throws IOException {
        server.close();
    }

    void accept() throws Unmet, IOException {
        try {
            accept(patience);
        } catch (SocketTimeoutException nobody) {
            throw new Unmet("backend: no connection in " + patience.toSeconds() + " s (expected: one)");
        }
    }

    private void accept(Duration within) throws IOException {
        server.setSoTimeout((int) within.toMillis());
        Socket socket = server.accept();
        socket.setSoTimeout((int) patience.toMillis());
        socket.setTcpNoDelay(true);
        accepted.add(socket);
    }

    /** Number of the connection, 1 being the first, 0 the last. */
    private Socket at(int number) throws Unmet {
        if (accepted.isEmpty() || number > accepted.size()) {
            throw new Unmet(
                    "backend: connection " + number + " of " + accepted.size() + " (expected: accepted before)");
        }
        return number == 0 ? accepted.getLast() : accepted.get(number - 1);
    }

    void write(int number, Bytes bytes) throws Unmet {
        Socket socket = at(number);
        later(() -> socket.getOutputStream().write(bytes.array()));
    }

    private void later(Writing writing) {
        writer.execute(() -> {
            try {
                writing.run();
            } catch (IOException cut) {
                // The other end of the case sees what is missing.
            }
        });
    }

    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }

    void read(int number, Bytes expected) throws Unmet, IOException {
        Bytes got;
        try {
            got = Bytes.of(at(number).getInputStream().readNBytes(expected.size()));
        } catch (SocketTimeoutException nothing) {
            throw new Unmet("backend: nothing in " + patience.toSeconds() + " s (expected: " + expected + ")");
        } catch (SocketException cut) {
            throw new Unmet("backend: reset (expected: " + expected + ")");
        }
        if (!got.equals(expected)) {
            throw new Unmet("backend: " + got + " (expected: " + expected + ")");
        }
    }

    void finish(int number) throws Unmet {
        later(at(number)::shutdownOutput);
    }

    /** Closes with RST. */
    void reset(int number) throws Unmet {
        Socket socket = at(number);
        later(() -> {
            socket.setSoLinger(true, 0);
            socket.close();
        });
    }

    /** How the other side's bytes end: FIN or RST. */
    End end(int number) throws Unmet, IOException {
        try {
            int more = at(number).getInputStream().read();
            if (more >= 0) {
                throw new Unmet("backend: more bytes (expected: the end)");
            }
            return End.FIN;
        } catch (SocketTimeoutException nothing) {
            throw new Unmet("backend: nothing in " + patience.toSeconds() + " s (expected: the end)");
        } catch (SocketException cut) {
            return End.RST;
        }
    }

    /** How TCP says that a side sends no more. */
    enum End {
        FIN,
        RST
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : accepted) {
            socket.close();
        }
        writer.shutdown();
    }
}
