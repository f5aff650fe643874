package io.beringia.gateway.host;

import static io.beringia.gateway.host.HostLab.ECHO;
import static io.beringia.gateway.host.HostLab.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beringia.gateway.host.TwoNetworks.Mode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two host proxies in two networks with real gateways between them: double HBONE. */
@Timeout(60)
final class HostGatewayTest {
    private final TwoNetworks networks = new TwoNetworks();
    private final HostLab lab = networks.lab();

    @AfterEach
    void close() {
        networks.close();
    }

    @ParameterizedTest
    @EnumSource
    void carries_a_connection_end_to_end(Mode mode) throws Exception {
        networks.start(networks.cast(mode));
        try (Application application = new Application(lab.ip(2), 8080, Application::echo)) {
            for (int i = 0; i < 3; i++) {
                assertThat(talk()).isEqualTo("hello");
            }
            assertThat(application.accepted()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_server_with_another_identity_gets_nothing(Mode mode) throws Exception {
        networks.start(networks.cast(mode).serverIs(lab.credentials(id("demo", "imposter"), TwoNetworks.EAST_1)));
        try (Application application = new Application(lab.ip(2), 8080, Application::echo);
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            assertThat(socks.reply()).isEqualTo(1);
            assertThat(application.accepted()).isZero();
        }
    }

    /** In its cluster alone: the client names it beside the server, and sends nothing to a waypoint of its own. */
    @ParameterizedTest
    @EnumSource
    void a_waypoint_of_the_other_cluster_may_answer_for_its_service(Mode mode) throws Exception {
        networks.start(networks.cast(mode)
                .serverIs(lab.credentials(id("demo", "waypoint"), TwoNetworks.EAST_1))
                .expectingServer(id("demo", "echo"), id("demo", "waypoint")));
        try (Application application = new Application(lab.ip(2), 8080, Application::echo)) {
            assertThat(talk()).isEqualTo("hello");
            assertThat(application.accepted()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_side_that_has_said_all_may_still_listen(Mode mode) throws Exception {
        networks.start(networks.cast(mode));
        byte[] download = new byte[16 * 1024 * 1024];
        new Random(5).nextBytes(download);
        try (Application application = new Application(lab.ip(2), 8080, socket -> {
                    if (socket.getInputStream().readAllBytes().length == 3) {
                        socket.getOutputStream().write(download);
                    }
                });
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            socks.socket().getOutputStream().write(new byte[3]);
            socks.socket().shutdownOutput();
            assertThat(socks.socket().getInputStream().readAllBytes()).isEqualTo(download);
            assertThat(application.nextEnding()).isEqualTo("end");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_said_last_arrives_whole_though_the_other_side_ended_first(Mode mode) throws Exception {
        networks.start(networks.cast(mode));
        byte[] upload = download(8 * 1024 * 1024);
        BlockingQueue<byte[]> heard = new ArrayBlockingQueue<>(1);
        try (Application application = new Application(lab.ip(2), 8080, socket -> {
                    socket.shutdownOutput();
                    heard.add(socket.getInputStream().readAllBytes());
                });
                SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            assertThat(socks.socket().getInputStream().read()).isEqualTo(-1);
            socks.socket().getOutputStream().write(upload);
            socks.close();
            assertThat(application.nextEnding()).isEqualTo("end");
            assertThat(heard.remove()).isEqualTo(upload);
        }
    }

    @ParameterizedTest
    @EnumSource
    void downloads_of_about_one_window_do_not_stall(Mode mode) throws Exception {
        networks.start(networks.cast(mode));
        try (Application application = new Application(
                lab.ip(2),
                8080,
                socket -> socket.getOutputStream()
                        .write(download(new DataInputStream(socket.getInputStream()).readInt())))) {
            for (int bytes : new int[] {65_535, 65_536, 262_143, 262_144, 262_145}) {
                try (SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
                    new DataOutputStream(socks.socket().getOutputStream()).writeInt(bytes);
                    assertThat(socks.socket().getInputStream().readAllBytes())
                            .as("%d bytes", bytes)
                            .isEqualTo(download(bytes));
                }
            }
            assertThat(application.accepted()).isEqualTo(5);
        }
    }

    private static byte[] download(int bytes) {
        byte[] download = new byte[bytes];
        new Random(bytes).nextBytes(download);
        return download;
    }

    @ParameterizedTest
    @EnumSource
    void an_abort_of_either_application_is_an_abort_for_the_other(Mode mode) throws Exception {
        networks.start(networks.cast(mode));
        try (Application application = new Application(lab.ip(2), 8080, socket -> {
            if (socket.getInputStream().read() == 'a') {
                socket.setSoLinger(true, 0);
            } else {
                socket.getOutputStream().write('b');
                socket.getInputStream().readAllBytes();
            }
        })) {
            try (SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
                socks.socket().getOutputStream().write('a');
                assertThatThrownBy(() -> socks.socket().getInputStream().readAllBytes())
                        .as("RST, not FIN")
                        .isInstanceOf(SocketException.class);
            }
            assertThat(application.nextEnding()).isEqualTo("end");
            SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80);
            socks.socket().getOutputStream().write('b');
            assertThat(socks.socket().getInputStream().read()).isEqualTo('b');
            socks.socket().setSoLinger(true, 0);
            socks.close();
            assertThat(application.nextEnding()).as("RST, not FIN").isEqualTo("reset");
        }
    }

    @ParameterizedTest
    @EnumSource
    void another_gateway_is_tried_before_the_first_byte(Mode mode) throws Exception {
        networks.start(networks.cast(mode), networks.gateway("dead", mode, 12));
        try (Application application = new Application(lab.ip(2), 8080, Application::echo)) {
            for (int i = 0; i < 10; i++) {
                assertThat(talk()).as("connection %d", i).isEqualTo("hello");
            }
            assertThat(application.accepted()).as("each arrives once").isEqualTo(10);
        }
    }

    /** It accepts, and never says a word: a frozen process looks like this. */
    @ParameterizedTest
    @EnumSource
    void a_silent_gateway_is_left_for_another(Mode mode) throws Exception {
        networks.start(networks.cast(mode), networks.gateway("silent", mode, 13));
        try (ServerSocket silent = new ServerSocket(TwoNetworks.port(mode), 16, InetAddress.getByName(lab.ip(13)));
                Application application = new Application(lab.ip(2), 8080, Application::echo)) {
            assertThat(silent.isBound()).isTrue();
            for (int i = 0; i < 4; i++) {
                assertThat(talk()).as("connection %d", i).isEqualTo("hello");
            }
            assertThat(application.accepted()).as("each arrives once").isEqualTo(4);
        }
    }

    private String talk() throws IOException {
        try (SocksClient socks = SocksClient.connect(lab.ip(1), ECHO.hostname(), 80)) {
            assertThat(socks.reply()).as("SOCKS reply").isZero();
            return socks.say("hello");
        }
    }
}
