package io.beringia.scenarios.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against the ztunnel that {@code ZTUNNEL} names: what happens to the bytes of two applications between two of them. */
@Tag("interop")
@ResourceLock(Namespaces.NAMES)
final class TalkInteropTest {
    /** 1 GiB each way takes a minute or two: {@code -Dinterop.bytes=1073741824}. */
    private static final long LARGE_BYTES = Long.getLong("interop.bytes", 64L << 20);
    /** More than all buffers and windows on the way hold, so that who does not read stalls who writes. */
    private static final int STALLED_BYTES = 32 << 20;

    private static final int NEIGHBOUR_BYTES = 4 << 20;
    /** A stream's window is a quarter of a connection's. */
    private static final int STALLED = 5;

    private static final int NEIGHBOURS = 8;

    @TempDir
    private static Path directory;

    private static @Nullable InteropLab lab;

    /** Which way the client's ztunnel takes, and which gateway's listener it calls. */
    enum Mode {
        DIRECT(ZtunnelConfig.direct(LabAddresses.WEST_SECOND), LabAddresses.WEST_SECOND, "hbone"),
        RELAYED(ZtunnelConfig.relayed(LabAddresses.EAST), LabAddresses.EAST, "relay");

        private final String mesh;
        private final String gateway;
        private final String listener;

        Mode(String mesh, String gateway, String listener) {
            this.mesh = mesh;
            this.gateway = gateway;
            this.listener = listener;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        lab = InteropLab.start(Interop.ztunnel(), directory, TalkMain.class, TalkMain.LISTENING);
        lab().startWest("west-second", LabAddresses.WEST_SECOND); // whom no gateway of the east calls
        lab().startEast("east", LabAddresses.EAST, LabAddresses.WEST);
    }

    @AfterAll
    static void end() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    /** After what the server heard: it is the client's ztunnel that carries it there. */
    @AfterEach
    void endClient() throws Exception {
        lab().endClient();
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void a_client_that_has_said_all_still_hears_all(Mode mode) throws Exception {
        Heard heard = talk(mode, "1", "rest tell send=2000000", "send=300000 end line rest");

        heard.awaitServer("rest 300000", "sent 2000000");
        assertThat(heard.client())
                .as("sum of what was sent, what the server says of it, sum of the answer")
                .containsExactly(
                        heard.server().getFirst().replace("rest", "sent"),
                        "line " + heard.server().getFirst(),
                        heard.server().getLast().replace("sent", "rest"));
    }

    /**
     * The client ends only once all has arrived: when both sides have ended, a ztunnel drops its connection to the other one
     * with all that still waits in it to be sent (`drain_tx` in its `proxy_to_double_hbone`).
     */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void a_server_that_has_said_all_still_hears_all(Mode mode) throws Exception {
        Heard heard = talk(
                mode,
                "1",
                "say=all end take=300000 open=heard-" + mode + " rest",
                "line rest send=300000 wait=heard end",
                "1",
                "wait=heard-" + mode,
                "rest open=heard");

        heard.awaitServer("took 300000", "rest 0 0");
        assertThat(heard.client())
                .containsExactlyInAnyOrder(
                        "line all",
                        "rest 0 0",
                        "rest 0 0",
                        heard.server().getFirst().replace("took", "sent"));
    }

    /** A ztunnel makes an end of every abort; what it must not be is somebody else's, or nobody's. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void an_abort_of_the_server_is_an_end_for_its_client_alone(Mode mode) throws Exception {
        Heard heard = talk(
                mode,
                "1",
                "echo",
                "say=one line wait=aborted say=two line end",
                "1",
                "line abort",
                "say=please rest open=aborted");

        heard.awaitServer("echoed 2", "line please");
        assertThat(heard.client())
                .containsExactlyInAnyOrder("line one", "rest 0 0", "line two")
                .endsWith("line two");
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void an_abort_of_the_client_is_an_end_for_its_server_alone(Mode mode) throws Exception {
        Heard heard = talk(
                mode,
                "1",
                "echo",
                "say=one line wait=aborted say=two line end",
                "1",
                "say=ready rest",
                "line abort open=aborted");

        heard.awaitServer("echoed 2", "rest 0 0");
        assertThat(heard.client())
                .containsExactlyInAnyOrder("line one", "line ready", "line two")
                .endsWith("line two");
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void a_hundred_and_twenty_connections_at_once_share_two_tunnels(Mode mode) throws Exception {
        double before = connections(mode);

        Heard heard = talk(mode, "120", "echo", "say=one line open=all*120 wait=all*120 say=two line end");

        assertThat(heard.client())
                .as("all were open before any went on")
                .containsExactlyElementsOf(Stream.concat(
                                Collections.nCopies(120, "line one").stream(),
                                Collections.nCopies(120, "line two").stream())
                        .toList());
        assertThat(connections(mode) - before)
                .as("a ztunnel puts a hundred on a connection")
                .isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void many_bytes_arrive_whole_each_way_at_once(Mode mode) throws Exception {
        Heard heard =
                talk(mode, "1", "rest tell", "send=" + LARGE_BYTES + " end line", "1", "send=" + LARGE_BYTES, "rest");

        heard.awaitServer("rest " + LARGE_BYTES, "sent " + LARGE_BYTES);
        String sum = heard.client().getFirst().replaceFirst(".* ", "");
        assertThat(heard.server())
                .containsExactlyInAnyOrder("rest " + LARGE_BYTES + " " + sum, "sent " + LARGE_BYTES + " " + sum);
        assertThat(heard.client())
                .containsExactlyInAnyOrder(
                        "sent " + LARGE_BYTES + " " + sum,
                        "line rest " + LARGE_BYTES + " " + sum,
                        "rest " + LARGE_BYTES + " " + sum);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void clients_that_do_not_read_stop_their_servers_and_nobody_else(Mode mode) throws Exception {
        Heard heard = talk(
                mode,
                "" + STALLED,
                "send=" + STALLED_BYTES,
                "wait=done*" + NEIGHBOURS + " rest",
                "" + NEIGHBOURS,
                "send=" + NEIGHBOUR_BYTES,
                "rest open=done*" + NEIGHBOURS);

        await().untilAsserted(() -> assertThat(bytes(heard.server()))
                .as("what the servers had sent, in the order in which they had sent all")
                .containsExactlyElementsOf(neighboursFirst()));
        assertThat(bytes(heard.client())).as("what the clients had heard").containsExactlyElementsOf(neighboursFirst());
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void servers_that_do_not_read_stop_their_clients_and_nobody_else(Mode mode) throws Exception {
        Heard heard = talk(
                mode,
                "" + STALLED,
                "wait=" + mode + " rest",
                "send=" + STALLED_BYTES + " end rest",
                "" + NEIGHBOURS,
                "rest tell",
                "send=" + NEIGHBOUR_BYTES + " end line open=done*" + NEIGHBOURS,
                "1",
                "open=" + mode,
                "wait=done*" + NEIGHBOURS + " rest");

        assertThat(bytes(heard.client().stream()
                        .filter(line -> line.startsWith("sent"))
                        .toList()))
                .as("what the clients had sent, in the order in which they had sent all")
                .containsExactlyElementsOf(neighboursFirst());
        assertThat(bytes(heard.server())).as("what the servers had heard").containsExactlyElementsOf(neighboursFirst());
    }

    private static List<Integer> neighboursFirst() {
        return Stream.concat(
                        Collections.nCopies(NEIGHBOURS, NEIGHBOUR_BYTES).stream(),
                        Collections.nCopies(STALLED, STALLED_BYTES).stream())
                .toList();
    }

    private static List<Integer> bytes(List<String> lines) {
        return lines.stream()
                .map(line -> Integer.valueOf(line.split(" ", -1)[1]))
                .toList();
    }

    /** What both ends heard. The server may say so after its client has ended. */
    private record Heard(List<String> client, int before) {
        List<String> server() throws IOException {
            return lab().log("echo")
                    .lines()
                    .skip(before)
                    .map(line -> line.replaceFirst(TalkMain.SERVER + " ", ""))
                    .toList();
        }

        void awaitServer(String... beginnings) {
            String all = Stream.of(beginnings).sorted().collect(Collectors.joining("|"));
            await("the server to hear " + all)
                    .untilAsserted(() -> assertThat(server())
                            .hasSameSizeAs(beginnings)
                            .allMatch(line -> Stream.of(beginnings).anyMatch(line::startsWith)));
        }
    }

    private static Heard talk(Mode mode, String... groups) throws Exception {
        InteropLab running = lab();
        int before = (int) running.log("echo").lines().count();
        running.startClient(mode.mesh, InteropLab.CLIENT_TOKEN, InteropLab.LIFE);
        List<String> client = running.talk(groups).stream()
                .map(line -> line.replaceFirst(TalkCallMain.CLIENT + " ", ""))
                .toList();
        return new Heard(client, before);
    }

    /** That this mode's gateway has accepted until now. */
    private static double connections(Mode mode) throws Exception {
        return lab().meter(mode.gateway, "gateway_connections_opened_total{listener=\"" + mode.listener + "\"");
    }

    private static InteropLab lab() {
        return Optional.ofNullable(lab).orElseThrow();
    }
}
