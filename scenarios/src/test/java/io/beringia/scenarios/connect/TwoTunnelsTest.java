package io.beringia.scenarios.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The inner tunnel of two: our gateway ends the outer one, our host proxy the inner one, and the suite is the client of that. Its
 * window never stands where the bytes of a download do (mock-server/mockserver-monorepo#2683: windows within a tunnel were not
 * credited, and it stalled at exactly the first).
 */
final class TwoTunnelsTest {
    private final GatewayUnderTest gateway = new GatewayUnderTest();

    TwoTunnelsTest() throws IOException {}

    @BeforeEach
    void starts() {
        gateway.start();
    }

    @AfterEach
    void ends() throws Exception {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a_download_of_one_window_arrives",
                "a_download_of_a_window_and_a_byte_arrives",
                "windows_that_change_on_the_way_lose_nothing",
                "a_window_that_shrinks_below_zero_is_kept",
                "bytes_that_were_delivered_are_credited"
            })
    void windows_of_the_inner_tunnel_are_kept(String name) throws Exception {
        SuiteCase wanted = ConnectSuite.cases().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        SuiteTarget host = gateway.startHost();
        try (Front front = TunnelFront.before(gateway.target());
                ConnectSuite suite = ConnectSuite.against(new SuiteTarget(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), front.port()),
                        host.identity(),
                        host.service(),
                        host.unknown(),
                        host.backend(),
                        host.patience()))) {
            assertThat(suite.play(wanted)).isEqualTo(new CaseResult.Passed(wanted));
        }
    }
}
