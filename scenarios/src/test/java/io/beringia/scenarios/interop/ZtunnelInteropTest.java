package io.beringia.scenarios.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Against the ztunnel that {@code ZTUNNEL} names. Both ztunnels have their certificates from our certificate server. */
@Tag("interop")
@ResourceLock(Namespaces.NAMES)
final class ZtunnelInteropTest {
    private static final String WRONG_NAME = "peer did not present the expected SAN";
    private static final String CLIENT = "src.identity=\"" + LabIdentities.CLIENT + "\"";

    @TempDir
    private static Path directory;

    private static @Nullable InteropLab lab;

    @BeforeAll
    static void start() throws Exception {
        lab = InteropLab.start(Interop.ztunnel(), directory);
    }

    @AfterAll
    static void end() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void a_ztunnel_reaches_another_through_our_gateway_and_is_known_there_by_name() throws Exception {
        InteropLab running = lab();
        long before = served(running);

        assertThat(running.call(ZtunnelConfig.direct(LabAddresses.WEST), 1, "direct"))
                .as(running.clientSaid())
                .isEqualTo("answered 1 of 1");

        assertThat(running.log("echo")).as("what reached the application").contains(EchoMain.RECEIVED + "direct-0");
        awaitServed(running, before + 1);
    }

    @Test
    void a_ztunnel_reaches_another_through_two_gateways_and_is_known_there_by_name() throws Exception {
        InteropLab running = lab();
        long before = served(running);
        running.startEast("east", LabAddresses.EAST, LabAddresses.WEST);

        assertThat(running.call(ZtunnelConfig.relayed(LabAddresses.EAST), 1, "relayed"))
                .as(running.clientSaid())
                .isEqualTo("answered 1 of 1");

        assertThat(running.log("echo")).as("what reached the application").contains(EchoMain.RECEIVED + "relayed-0");
        awaitServed(running, before + 1);
    }

    @Test
    void no_connection_fails_while_one_of_two_remote_gateways_hangs() throws Exception {
        InteropLab running = lab();
        long before = served(running);
        running.startFrozen();
        running.startEast("east-hedging", LabAddresses.EAST_HEDGING, LabAddresses.WEST, LabAddresses.FROZEN);

        assertThat(running.call(ZtunnelConfig.relayed(LabAddresses.EAST_HEDGING), 20, "hedged"))
                .as(running.clientSaid())
                .isEqualTo("answered 20 of 20");

        running.awaitFrozenCalled();
        awaitServed(running, before + 20);
    }

    @Test
    void a_ztunnel_with_an_unknown_token_gets_no_certificate_and_nothing_is_delivered() throws Exception {
        InteropLab running = lab();

        assertThat(running.call(
                        ZtunnelConfig.direct(LabAddresses.WEST),
                        "token-of-nobody",
                        LabAddresses.SERVICE,
                        LabAddresses.SERVICE_PORT,
                        1,
                        "stranger"))
                .as(running.clientSaid())
                .isEqualTo("answered 0 of 1");

        assertThat(running.clientSaid()).as("why").contains("does not have valid authentication credentials");
        assertThat(running.log("echo")).as("what reached the application").doesNotContain("stranger");
    }

    @Test
    void a_gateway_of_a_foreign_root_is_refused_and_nothing_is_delivered() throws Exception {
        InteropLab running = lab();
        running.startImpostor();

        assertThat(running.call(ZtunnelConfig.direct(LabAddresses.IMPOSTOR), 1, "foreign"))
                .as(running.clientSaid())
                .isEqualTo("answered 0 of 1");

        assertThat(running.clientSaid()).as("why").contains("invalid peer certificate");
        assertThat(running.log("echo")).as("what reached the application").doesNotContain("foreign");
    }

    @Test
    void our_host_proxy_serves_a_ztunnel_by_one_tunnel_and_denies_it_by_401() throws Exception {
        InteropLab running = lab();
        running.startHost();

        assertThat(running.call(
                        ZtunnelConfig.near(),
                        InteropLab.CLIENT_TOKEN,
                        LabAddresses.HOST_SERVICE,
                        LabAddresses.SERVICE_PORT,
                        1,
                        "near"))
                .as(running.clientSaid())
                .isEqualTo("answered 1 of 1");
        assertThat(running.log("machine")).as("what reached the application").contains(EchoMain.RECEIVED + "near-0");

        assertThat(running.call(
                        ZtunnelConfig.near(),
                        InteropLab.CLIENT_TOKEN,
                        LabAddresses.HOST_SERVICE,
                        LabAddresses.DENIED_PORT,
                        1,
                        "denied"))
                .as(running.clientSaid())
                .isEqualTo("answered 0 of 1");
        assertThat(running.clientSaid()).as("why").contains("401 Unauthorized");
        assertThat(running.log("denied")).as("what reached the other").doesNotContain(EchoMain.CALLED);
    }

    @Test
    void a_gateway_that_is_somebody_else_is_refused_and_nothing_is_delivered() throws Exception {
        refuses(ZtunnelConfig.directToAnotherGateway(LabAddresses.WEST), "somebody-else", WRONG_NAME);
    }

    @Test
    void a_server_that_is_somebody_else_is_refused_through_our_gateway_and_nothing_is_delivered() throws Exception {
        refuses(
                ZtunnelConfig.directToEchoOf(LabAddresses.WEST, "spiffe://cluster.local/ns/demo/sa/other"),
                "other-server",
                WRONG_NAME);
    }

    @Test
    void a_server_of_which_nobody_says_who_it_is_is_refused_and_nothing_is_delivered() throws Exception {
        refuses(ZtunnelConfig.directToEchoOf(LabAddresses.WEST), "nameless", WRONG_NAME);
    }

    @Test
    void a_server_of_a_foreign_trust_domain_is_refused_and_nothing_is_delivered() throws Exception {
        refuses(
                ZtunnelConfig.directToEchoOf(
                        LabAddresses.WEST,
                        ZtunnelConfig.foreign(LabIdentities.SERVER).toString()),
                "foreign-server",
                WRONG_NAME);
    }

    @Test
    void a_gateway_of_a_foreign_trust_domain_is_refused_even_by_its_own_name() throws Exception {
        lab().startForeigner();

        refuses(ZtunnelConfig.directToForeigner(LabAddresses.FOREIGNER), "foreigner", "invalid peer certificate");
    }

    /** One file for all: what {@code beringia ca crl} writes is what a ztunnel reads, too. */
    @Test
    void a_gateway_that_is_taken_back_is_refused_by_a_ztunnel_that_used_it() throws Exception {
        InteropLab running = lab();
        running.startTakenBack();
        running.startClient(ZtunnelConfig.direct(LabAddresses.TAKEN_BACK), InteropLab.CLIENT_TOKEN, InteropLab.LIFE);
        try {
            assertThat(running.callAgain(1, "still-good"))
                    .as(running.clientSaid())
                    .isEqualTo("answered 1 of 1");

            running.takeBack();

            await("its refusal")
                    .pollInterval(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> running.callAgain(1, "after-it").equals("answered 0 of 1"));
            assertThat(running.clientSaid()).as("why").contains("invalid peer certificate: Revoked");
        } finally {
            running.endClient();
        }
        assertThat(running.call(ZtunnelConfig.direct(LabAddresses.WEST), 1, "neighbour"))
                .as(running.clientSaid())
                .isEqualTo("answered 1 of 1");
    }

    @Test
    void a_ztunnel_that_is_taken_back_loses_its_tunnel_and_the_next_one_with_its_name_does_not() throws Exception {
        InteropLab running = lab();
        running.startClient(ZtunnelConfig.direct(LabAddresses.WEST), InteropLab.CLIENT_TOKEN, InteropLab.LIFE);
        try {
            assertThat(running.callAgain(1, "not-yet")).as(running.clientSaid()).isEqualTo("answered 1 of 1");

            running.takeBackClient();

            await("the end of its connection")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> running.log("west").contains("peer is trusted no more"));
            assertThat(running.callAgain(1, "taken-back"))
                    .as(running.clientSaid())
                    .isEqualTo("answered 0 of 1");
        } finally {
            running.endClient();
        }
        assertThat(running.log("echo")).as("what reached the application").doesNotContain("taken-back");
        assertThat(running.call(ZtunnelConfig.direct(LabAddresses.WEST), 1, "with-another"))
                .as(running.clientSaid())
                .isEqualTo("answered 1 of 1");
    }

    @Test
    void a_ztunnel_renews_at_half_of_a_life_and_believes_both_of_two_roots() throws Exception {
        InteropLab running = lab();
        long before = served(running);
        running.startSuccessor();
        running.startClient(
                ZtunnelConfig.direct(LabAddresses.SUCCESSOR), InteropLab.CLIENT_TOKEN, Duration.ofMinutes(3));
        try {
            assertThat(running.callAgain(1, "two-roots"))
                    .as(running.clientSaid())
                    .isEqualTo("answered 1 of 1");
            ShownCertificate first = running.certificate();
            assertThat(first.roots()).as("roots").isEqualTo(2);

            await("another certificate")
                    .pollInterval(Duration.ofSeconds(5))
                    .atMost(Duration.ofSeconds(120))
                    .until(() -> !running.certificate().serial().equals(first.serial()));

            assertThat(running.callAgain(1, "renewed")).as(running.clientSaid()).isEqualTo("answered 1 of 1");
        } finally {
            running.endClient();
        }
        awaitServed(running, before + 2);
    }

    @Test
    void our_host_proxy_calls_a_ztunnel_by_one_tunnel_and_is_known_there_by_name() throws Exception {
        InteropLab running = lab();
        running.startCaller();

        assertThat(running.callFromHost(1, "from-host"))
                .as(running.log("caller-host"))
                .isEqualTo("answered 1 of 1");

        assertThat(running.log("echo")).as("what reached the application").contains(EchoMain.RECEIVED + "from-host-0");
        await("the server's ztunnel to name the caller")
                .until(() -> running.log("server-ztunnel")
                        .lines()
                        .anyMatch(line -> line.contains("direction=\"inbound\"")
                                && line.contains("src.identity=\"" + LabIdentities.CALLER + "\"")));
    }

    /** The host behind it stands for a waypoint: what is tried is who may end the inner tunnel. */
    @Test
    void a_waypoint_of_the_other_cluster_alone_serves_for_its_service_where_it_is_named_beside_it() throws Exception {
        InteropLab running = lab();
        running.startWaypoint();
        String mesh = ZtunnelConfig.directToEchoOf(
                LabAddresses.WEST_SECOND, LabIdentities.SERVER.toString(), LabIdentities.WAYPOINT.toString());

        assertThat(running.call(mesh, 1, "by-waypoint"))
                .as(running.clientSaid())
                .isEqualTo("answered 1 of 1");

        assertThat(running.log("behind-waypoint"))
                .as("what came by the waypoint")
                .contains(EchoMain.RECEIVED + "by-waypoint-0");
        assertThat(running.log("echo")).as("what passed it by").doesNotContain("by-waypoint");

        refuses(ZtunnelConfig.direct(LabAddresses.WEST_SECOND), "waypoint-unnamed", WRONG_NAME);
        assertThat(running.log("behind-waypoint")).as("what was refused").doesNotContain("waypoint-unnamed");
    }

    @Test
    void our_gateway_never_holds_what_two_ztunnels_say_to_each_other() throws Exception {
        InteropLab running = lab();
        String secret = "secret-of-two-ztunnels";

        assertThat(running.call(ZtunnelConfig.direct(LabAddresses.WEST), 50, secret))
                .as(running.clientSaid())
                .isEqualTo("answered 50 of 50");

        assertThat(running.remembers("echo", secret)).as("the application").isTrue();
        assertThat(running.remembers("west", "echo.demo.svc.cluster.local"))
                .as("the gateway, of the service's name")
                .isTrue();
        assertThat(running.remembers("west", secret)).as("the gateway").isFalse();
    }

    private static void refuses(String mesh, String word, String why) throws Exception {
        InteropLab running = lab();

        assertThat(running.call(mesh, 1, word)).as(running.clientSaid()).isEqualTo("answered 0 of 1");

        assertThat(running.clientSaid()).as("why").contains(why);
        assertThat(running.log("echo")).as("what reached the application").doesNotContain(word);
    }

    private static void awaitServed(InteropLab running, long connections) {
        await("the server's ztunnel to name the client").until(() -> served(running) == connections);
    }

    /** Connections that the server's ztunnel has finished for the client, by its access log. */
    private static long served(InteropLab running) throws IOException {
        return running.log("server-ztunnel")
                .lines()
                .filter(line -> line.contains("direction=\"inbound\"") && line.contains(CLIENT))
                .count();
    }

    private static InteropLab lab() {
        return Optional.ofNullable(lab).orElseThrow();
    }
}
