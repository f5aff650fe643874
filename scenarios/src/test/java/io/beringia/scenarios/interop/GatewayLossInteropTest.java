package io.beringia.scenarios.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Against the ztunnel that {@code ZTUNNEL} names: one gateway of two goes, by itself or with a goodbye. */
@Tag("interop")
@ResourceLock(Namespaces.NAMES)
final class GatewayLossInteropTest {
    private static final String SECOND = "west-second";

    private static final Duration WITHIN = Duration.ofSeconds(60);

    @TempDir
    private Path directory = Path.of("");

    private @Nullable InteropLab lab;

    @BeforeEach
    void start() throws Exception {
        lab = InteropLab.start(Interop.ztunnel(), directory, TalkMain.class, TalkMain.LISTENING);
        lab().startWest(SECOND, LabAddresses.WEST_SECOND);
    }

    @AfterEach
    void end() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void a_gateway_that_says_goodbye_gets_nothing_new_and_finishes_what_it_has() throws Exception {
        lab().startClient(ZtunnelConfig.direct(LabAddresses.WEST_SECOND), InteropLab.CLIENT_TOKEN, InteropLab.LIFE);

        goodbye(SECOND, LabAddresses.WEST_SECOND);
    }

    @Test
    void a_relay_that_says_goodbye_gets_nothing_new_and_finishes_what_it_has() throws Exception {
        startRelay();

        goodbye("east", LabAddresses.EAST);
    }

    /** To the only gateway that the client knows. */
    private void goodbye(String gateway, String address) throws Exception {
        InteropLab running = lab();
        String old = running.startTalk("4", "echo", "say=one line wait=over say=two line end rest");
        awaitLines(old, 4);

        running.terminate(gateway);

        await("the door to be closed").until(() -> !answered("late"));
        double taken = tunnels(address);
        assertThat(answered("later")).as("nothing new").isFalse();
        assertThat(tunnels(address)).isEqualTo(taken);
        running.open(old, "over");
        assertThat(running.endOf(old))
                .containsAll(List.of("client line one", "client line two"))
                .hasSize(12);
        running.awaitEnd(gateway);
        assertThat(running.log(gateway)).contains("has drained, nothing was left");
    }

    @Test
    void a_remote_gateway_that_says_goodbye_to_the_relay_costs_no_connection_old_or_new() throws Exception {
        InteropLab running = lab();
        startRelay();
        String old = running.startTalk("16", "echo", "say=one line wait=over say=two line end rest");
        awaitLines(old, 16);
        assertThat(tunnels(LabAddresses.WEST_SECOND)).as("by the one that goes").isPositive();

        running.terminate(SECOND);

        assertThat(running.talk("40", "echo", "say=new line end"))
                .isEqualTo(Collections.nCopies(40, "client line new"));
        running.open(old, "over");
        assertThat(running.endOf(old).stream().filter(line -> line.equals("client line two")))
                .hasSize(16);
        running.awaitEnd(SECOND);
        assertThat(running.log(SECOND)).contains("has drained, nothing was left");
    }

    @Test
    void no_connection_by_the_relay_fails_after_one_of_two_remote_gateways_was_killed() throws Exception {
        InteropLab running = lab();
        startRelay();
        assertThat(running.talk("16", "echo", "say=one line end"))
                .isEqualTo(Collections.nCopies(16, "client line one"));

        running.kill(SECOND);

        assertThat(running.talk("40", "echo", "say=new line end"))
                .isEqualTo(Collections.nCopies(40, "client line new"));
    }

    @Test
    void the_relay_gives_no_connection_to_an_unhealthy_gateway() throws Exception {
        InteropLab running = lab();
        startRelay();
        assertThat(talkAndCount(16)).as("before").isPositive();

        running.tell("east", LabCatalogs.eastWithUnhealthy(LabAddresses.WEST_SECOND, LabAddresses.WEST));

        await("the catalog to be read").atMost(WITHIN).until(() -> talkAndCount(16) == 0);
        assertThat(talkAndCount(40)).as("of forty more").isZero();
    }

    /** How many of so many new connections the second gateway carried; all of them were answered. */
    private double talkAndCount(int connections) throws Exception {
        double before = tunnels(LabAddresses.WEST_SECOND);
        assertThat(lab().talk("" + connections, "echo", "say=new line end"))
                .isEqualTo(Collections.nCopies(connections, "client line new"));
        return tunnels(LabAddresses.WEST_SECOND) - before;
    }

    private void startRelay() throws Exception {
        lab().startEast("east", LabAddresses.EAST, LabAddresses.WEST, LabAddresses.WEST_SECOND);
        lab().startClient(ZtunnelConfig.relayed(LabAddresses.EAST), InteropLab.CLIENT_TOKEN, InteropLab.LIFE);
    }

    private boolean answered(String word) throws Exception {
        return lab().talk("1", "echo", "say=" + word + " line end").equals(List.of("client line " + word));
    }

    /** That a gateway has carried until now. */
    private double tunnels(String gateway) throws Exception {
        return lab().meter(gateway, "gateway_tunnels_opened_total{");
    }

    private void awaitLines(String talk, int lines) {
        await("answers").until(() -> lab().log(talk).lines().count() == lines);
    }

    private InteropLab lab() {
        return Optional.ofNullable(lab).orElseThrow();
    }
}
