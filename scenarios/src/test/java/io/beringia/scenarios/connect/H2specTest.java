package io.beringia.scenarios.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** h2spec, strict, against our gateway: the whole of HTTP/2 below CONNECT. */
final class H2specTest {
    private static final int CASES = 146;
    /** Strict is also how fast an answer comes; a busy machine needs longer. */
    private static final int TIMEOUT_SECONDS = 6;

    /** The last three depend on whether a stream is answered, and so closed, before h2spec's next frame is read. */
    private static final List<String> DIFFERENT = List.of(
            "generic/2: Sends a WINDOW_UPDATE frame on half-closed (remote) stream",
            "generic/2: Sends a PRIORITY frame on half-closed (remote) stream",
            "http2/5.1: closed: Sends a HEADERS frame",
            "http2/5.1: half closed (remote): Sends a HEADERS frame",
            "http2/5.1.2: Sends HEADERS frames that causes their advertised concurrent stream limit to be exceeded");

    /**
     * Cases that h2spec leaves out, since they need bytes in answer to its GET. The suite for CONNECT has their like, with the
     * bytes of a tunnel.
     */
    private static final List<String> LEFT_OUT = List.of(
            "http2/6.5.3: Sends multiple values of SETTINGS_INITIAL_WINDOW_SIZE",
            "http2/6.9.1: Sends SETTINGS frame to set the initial window size to 1 and sends HEADERS frame",
            "http2/6.9.2: Changes SETTINGS_INITIAL_WINDOW_SIZE after sending HEADERS frame",
            "http2/6.9.2: Sends a SETTINGS frame for window size to be negative");

    private final GatewayUnderTest gateway = new GatewayUnderTest();

    @TempDir
    private Path directory = Path.of("");

    H2specTest() throws IOException {}

    @BeforeEach
    void starts() {
        gateway.start();
    }

    @AfterEach
    void ends() throws Exception {
        gateway.close();
    }

    @Test
    void our_gateway_differs_where_its_readme_says_so_and_nowhere_else() throws Exception {
        assumeTrue(H2spec.runsHere(), "h2spec is packed for Linux on x86-64 only");
        try (Front front = TlsFront.before(gateway.target())) {
            List<H2spec.Case> cases = new H2spec(directory).run(front.port(), TIMEOUT_SECONDS);
            assertThat(cases.size()).isEqualTo(CASES);
            assertThat(cases)
                    .filteredOn(one -> one.failure().startsWith(H2spec.SKIPPED))
                    .extracting(H2spec.Case::name)
                    .containsExactlyInAnyOrderElementsOf(LEFT_OUT);
            assertThat(cases)
                    .filteredOn(
                            one -> !one.failure().isEmpty() && !one.failure().startsWith(H2spec.SKIPPED))
                    .extracting(H2spec.Case::name)
                    .isSubsetOf(DIFFERENT);
        }
    }

    @Test
    void a_case_that_was_left_out_did_not_pass() throws Exception {
        Path report = Files.writeString(directory.resolve("some.xml"), """
                <testsuites><testsuite>
                <testcase package="generic/1" classname="passed"></testcase>
                <testcase package="generic/2" classname="left out"><skipped>no room</skipped></testcase>
                <testcase package="generic/3" classname="failed"><failure>GOAWAY</failure></testcase>
                </testsuite></testsuites>
                """);
        assertThat(H2spec.cases(report))
                .extracting(H2spec.Case::failure)
                .containsExactly("", "skipped: no room", "GOAWAY");
    }
}
