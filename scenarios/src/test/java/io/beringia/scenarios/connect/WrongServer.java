package io.beringia.scenarios.connect;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server that is wrong in one way, so that the suite is seen to say so. In the open; owned by one test. */
final class WrongServer implements AutoCloseable {
    private static final int PREFACE_BYTES = 24;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** A server that ended first would have closed its connection, which is sometimes right. */
    private static final Duration LONGER = Duration.ofSeconds(60);

    private static final int COPIED_BYTES = 16_384;

    private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final InetSocketAddress backend = new InetSocketAddress(InetAddress.getLoopbackAddress(), free());
    private final Wrong wrong;

    private WrongServer(Wrong wrong) throws IOException {
        this.wrong = wrong;
    }

    /** What it does with a frame. */
    @FunctionalInterface
    interface Wrong {
        void on(Frame frame, Said said) throws IOException;

        /** Of the SETTINGS with which it begins. */
        default byte[] settings() {
            return new byte[0];
        }
    }

    /** Its side of one connection. */
    record Said(FrameSocket out, InetSocketAddress backend, Map<Integer, Socket> tunnels) {
        void answer(int stream, String status, int flags) {
            out.write(new Frame(
                            Frame.HEADERS,
                            Frame.END_HEADERS | flags,
                            stream,
                            Hpack.encode(List.of(new Field(":status", status))))
                    .bytes());
        }

        private void pong(Frame ping) {
            if (!ping.has(Frame.ACK)) {
                out.write(new Frame(Frame.PING, Frame.ACK, 0, ping.payload()).bytes());
            }
        }

        private void connect(int stream) throws IOException {
            Socket socket = new Socket(backend.getAddress(), backend.getPort());
            tunnels.put(stream, socket);
            Thread.ofVirtual().start(() -> copy(stream, socket));
        }

        private void copy(int stream, Socket from) {
            try {
                InputStream in = from.getInputStream();
                byte[] some = in.readNBytes(1);
                while (some.length > 0) {
                    out.write(new Frame(Frame.DATA, 0, stream, some).bytes());
                    some = in.readNBytes(Math.clamp(in.available(), 1, COPIED_BYTES));
                }
            } catch (IOException gone) {
                // Nobody hears of it: that is what is wrong.
            }
        }
    }

    /** Everything is well, and nothing is done about it. */
    static void takesAll(Frame frame, Said said) {
        switch (frame.type()) {
            case Frame.HEADERS -> said.answer(frame.stream(), "200", 0);
            case Frame.PING -> said.pong(frame);
            default -> {}
        }
    }

    /** Nothing is well. */
    static void refusesAll(Frame frame, Said said) {
        switch (frame.type()) {
            case Frame.HEADERS -> said.answer(frame.stream(), "403", Frame.END_STREAM);
            case Frame.PING -> said.pong(frame);
            default -> {}
        }
    }

    /** Tunnels of bytes alone: no ends, no windows, no errors, and padding is bytes too. */
    static void knowsBytesAlone(Frame frame, Said said) throws IOException {
        switch (frame.type()) {
            case Frame.HEADERS -> {
                said.connect(frame.stream());
                said.answer(frame.stream(), "200", 0);
            }
            case Frame.DATA -> {
                Socket tunnel = said.tunnels().get(frame.stream());
                if (tunnel != null) {
                    tunnel.getOutputStream().write(frame.payload());
                }
            }
            case Frame.PING -> said.pong(frame);
            default -> {}
        }
    }

    /** One tunnel at once, says its SETTINGS, and leaves at the first word that is not about the connection. */
    static final Wrong LEAVES = new Wrong() {
        @Override
        public void on(Frame frame, Said said) throws IOException {
            if (frame.type() != Frame.SETTINGS) {
                throw new IOException("enough");
            }
        }

        @Override
        public byte[] settings() {
            return Setting.payload(List.of("MAX_CONCURRENT_STREAMS=1"));
        }
    };

    /** What the suite says of it. */
    static CaseResult play(SuiteCase which, Wrong wrong) {
        try (WrongServer server = new WrongServer(wrong);
                ConnectSuite suite = ConnectSuite.against(server.target())) {
            Thread.ofVirtual().start(server::serve);
            return suite.play(which);
        } catch (IOException refused) {
            throw new IllegalStateException("server: " + refused.getMessage() + " (expected: a free port)", refused);
        }
    }

    private SuiteTarget target() {
        return new SuiteTarget(
                new InetSocketAddress(server.getInetAddress(), server.getLocalPort()),
                Optional.empty(),
                "service.example:80",
                "nobody.example:80",
                backend,
                PATIENCE);
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void serve() {
        try (Socket socket = server.accept()) {
            speak(socket);
        } catch (IOException closed) {
            // The case is over.
        }
    }

    private void speak(Socket socket) throws IOException {
        socket.getInputStream().skipNBytes(PREFACE_BYTES);
        Said said = new Said(new FrameSocket(socket, socket), backend, new HashMap<>());
        said.out().write(new Frame(Frame.SETTINGS, 0, 0, wrong.settings()).bytes());
        try {
            for (Optional<Frame> frame = said.out().read(LONGER);
                    frame.isPresent();
                    frame = said.out().read(LONGER)) {
                wrong.on(frame.get(), said);
            }
        } finally {
            for (Socket tunnel : said.tunnels().values()) {
                tunnel.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
