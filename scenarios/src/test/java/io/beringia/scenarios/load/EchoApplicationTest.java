package io.beringia.scenarios.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EchoApplicationTest {
    private static final String CALLER = "spiffe://cluster.local/ns/demo/sa/client";

    @TempDir
    private Path directory;

    private EchoApplication application;
    private Path journal;

    @BeforeEach
    void start() throws IOException {
        journal = directory.resolve("journal");
        application =
                EchoApplication.start("us-east", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), journal);
    }

    @AfterEach
    void stop() throws IOException {
        application.close();
    }

    @Test
    void an_answer_names_the_region_and_the_caller_that_the_proxy_verified() throws IOException {
        assertThat(exchange(ProxyFront.header(CALLER), "web 0\n", "web 1\n"))
                .containsExactly("us-east " + CALLER + " web 0", "us-east " + CALLER + " web 1");
    }

    @Test
    void a_request_stands_in_the_journal_when_its_answer_arrives() throws IOException {
        exchange(ProxyFront.header(CALLER), "web 7\n");
        assertThat(Journal.read(journal)).containsExactly(new Request("web", 7));
    }

    @Test
    void a_journal_keeps_what_an_earlier_process_served_and_drops_a_line_cut_off_by_a_kill() throws IOException {
        Files.writeString(journal, "web 1\nweb 2\nweb");
        assertThat(Journal.read(journal)).containsExactly(new Request("web", 1), new Request("web", 2));
    }

    @Test
    void without_a_proxy_header_nothing_is_served_and_neighbours_go_on() throws IOException {
        try (Socket neighbour = connect()) {
            neighbour.getOutputStream().write(ProxyFront.header(CALLER));
            assertThat(exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8), "web 3\n"))
                    .isEmpty();
            neighbour.getOutputStream().write("web 4\n".getBytes(StandardCharsets.UTF_8));
            assertThat(reader(neighbour).readLine()).endsWith("web 4");
        }
        assertThat(Journal.read(journal)).containsExactly(new Request("web", 4));
    }

    @Test
    void a_line_that_is_no_request_ends_the_connection() throws IOException {
        assertThat(exchange(ProxyFront.header(CALLER), "web\n", "web 1\n")).isEmpty();
    }

    private List<String> exchange(byte[] header, String... lines) throws IOException {
        List<String> answers = new ArrayList<>();
        try (Socket socket = connect()) {
            socket.getOutputStream().write(header);
            BufferedReader in = reader(socket);
            for (String line : lines) {
                socket.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
                String answer = in.readLine();
                if (answer == null) {
                    return answers;
                }
                answers.add(answer);
            }
        } catch (IOException reset) {
            return answers;
        }
        return answers;
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(
                application.address().getAddress(), application.address().getPort());
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }
}
