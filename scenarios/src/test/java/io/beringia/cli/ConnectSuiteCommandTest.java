package io.beringia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ConnectSuiteCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... more) throws IOException {
        return runAgainst(free(), more);
    }

    private int runAgainst(String target, String... more) throws IOException {
        String[] args = Stream.concat(
                        Stream.of(
                                "connect-suite",
                                "--target",
                                target,
                                "--service",
                                "echo.example:80",
                                "--backend",
                                free(),
                                "--patience",
                                "1"),
                        Stream.of(more))
                .toArray(String[]::new);
        return Beringia.commandLine(Map.of())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private static String free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    @Test
    void a_target_that_is_not_there_passes_nothing() throws IOException {
        assertThat(run("--only", "hpack/")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("0/8", "NOT hpack/an_index_of_zero", "step 0: Connection refused");
    }

    @Test
    void machines_read_the_same() throws IOException {
        assertThat(run("--only", "hpack/", "--output", "json")).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("\"score\" : \"0/8\"");
    }

    @Test
    void a_name_that_no_case_has_is_refused() throws IOException {
        assertThat(run("--only", "nonsense")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--only: nonsense (expected: part of the name of a case)");
    }

    @Test
    void an_address_that_is_none_is_refused() throws IOException {
        assertThat(runAgainst("nowhere")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--target: \"nowhere\" (expected: host:port)");
    }
}
