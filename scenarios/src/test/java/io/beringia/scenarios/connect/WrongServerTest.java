package io.beringia.scenarios.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers that are wrong, so that the suite is seen to say so. In the open. */
final class WrongServerTest {
    private static final byte[] SETTINGS = new Frame(Frame.SETTINGS, 0, 0, new byte[0]).bytes();
    private static final int PREFACE_BYTES = 24;

    private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());

    WrongServerTest() throws IOException {}

    @AfterEach
    void ends() throws IOException {
        server.close();
    }

    /** Answers every frame that came. */
    @FunctionalInterface
    private interface Answers {
        Optional<Frame> to(Frame frame);
    }

    private List<CaseResult> play(String group, Answers answers) throws IOException {
        Thread.ofVirtual().start(() -> serve(answers));
        try (ConnectSuite suite = ConnectSuite.against(new SuiteTarget(
                new InetSocketAddress(server.getInetAddress(), server.getLocalPort()),
                Optional.empty(),
                "service.example:80",
                "nobody.example:80",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), free()),
                Duration.ofSeconds(1)))) {
            return ConnectSuite.cases().stream()
                    .filter(one -> one.group().equals(group))
                    .map(suite::play)
                    .toList();
        }
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void serve(Answers answers) {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> speak(socket, answers));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void speak(Socket socket, Answers answers) {
        try (socket) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            in.readNBytes(PREFACE_BYTES);
            out.write(SETTINGS);
            while (true) {
                byte[] head = in.readNBytes(Frame.HEAD_BYTES);
                byte[] payload = in.readNBytes((head[1] & 0xff) << 8 | head[2] & 0xff);
                Optional<Frame> answer = answers.to(new Frame(head[3], head[4], head[8], payload));
                if (answer.isPresent()) {
                    out.write(answer.get().bytes());
                }
            }
        } catch (IOException | IndexOutOfBoundsException gone) {
            // The case is over.
        }
    }

    private static Optional<Frame> pong(Frame frame) {
        return frame.type() == Frame.PING && !frame.has(Frame.ACK)
                ? Optional.of(new Frame(Frame.PING, Frame.ACK, 0, frame.payload()))
                : Optional.empty();
    }

    @Test
    void a_server_that_takes_everything_fails_where_something_is_malformed() throws IOException {
        Frame taken =
                new Frame(Frame.HEADERS, Frame.END_HEADERS, 1, Hpack.encode(List.of(new Field(":status", "200"))));
        List<CaseResult> results =
                play("fields", frame -> frame.type() == Frame.HEADERS ? Optional.of(taken) : pong(frame));
        assertThat(results)
                .filteredOn(CaseResult.Passed.class::isInstance)
                .extracting(passed -> passed.of().name())
                .allMatch(name ->
                        name.startsWith("te_trailers_is_no_fault") || name.startsWith("fields_that_mean_nothing"));
        assertThat(results.getFirst())
                .isInstanceOfSatisfying(
                        CaseResult.Failed.class,
                        failed -> assertThat(failed.why())
                                .isEqualTo("step 2: stream 1: status 200"
                                        + " (expected: RST_STREAM(PROTOCOL_ERROR), or a status of 4xx)"));
    }

    @Test
    void a_server_that_says_nothing_fails_and_what_needs_tls_is_skipped() throws IOException {
        List<CaseResult> results = play("hbone", _ -> Optional.empty());
        assertThat(results).noneMatch(CaseResult.Passed.class::isInstance);
        assertThat(results).filteredOn(CaseResult.Skipped.class::isInstance).hasSize(2);
        assertThat(ScoreTable.score(results)).isEqualTo("0/" + (results.size() - 2));
        assertThat(ScoreTable.print(results)).contains("NOT hbone/a_connect_as_ztunnel_sends_it_opens_a_tunnel");
        assertThat(ScoreJson.of(results)).containsEntry("score", "0/" + (results.size() - 2));
    }
}
