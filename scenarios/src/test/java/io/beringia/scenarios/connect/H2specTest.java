package io.beringia.scenarios.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
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
        try (TlsFront front = new TlsFront(gateway.target())) {
            List<H2spec.Case> cases = new H2spec(directory).run(front.port(), TIMEOUT_SECONDS);
            assertThat(cases.size()).isEqualTo(CASES);
            assertThat(cases)
                    .filteredOn(one -> !one.failure().isEmpty())
                    .extracting(H2spec.Case::name)
                    .isSubsetOf(DIFFERENT);
        }
    }
}
