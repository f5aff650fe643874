package io.beringia.scenarios.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Called by the program that {@code HBONE_CLIENT} names: Istio's own client of HBONE, over Go's HTTP/2 and TLS. */
@Tag("interop")
@ResourceLock(Namespaces.NAMES)
final class GoClientInteropTest {
    private static final String ALL_ANSWERED = "All " + InteropLab.GO_CLIENT_CALLS + " requests succeeded";
    private static final String ECHO = LabIdentities.ECHO.hostname() + ":" + LabAddresses.SERVICE_PORT;

    @TempDir
    private static Path directory;

    private static String client = "";
    private static @Nullable InteropLab lab;

    @BeforeAll
    static void start() throws Exception {
        client = Interop.hboneClient();
        lab = InteropLab.start(Interop.ztunnel(), directory);
    }

    @AfterAll
    static void end() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void it_calls_our_host_proxy_by_one_tunnel() throws Exception {
        lab().startHost();

        String said = lab().callByGoClient(
                        client,
                        "--hbone",
                        LabAddresses.HOST + ":" + LabAddresses.HBONE_PORT,
                        LabIdentities.MACHINE.hostname() + ":" + LabAddresses.SERVICE_PORT,
                        "go-single");

        assertThat(said).contains(ALL_ANSWERED);
        assertArrived("machine", "go-single");
    }

    @Test
    void it_calls_a_ztunnel_through_our_gateway_by_two_tunnels() throws Exception {
        String said = lab().callByGoClient(
                        client, "--double-hbone", LabAddresses.WEST + ":" + LabAddresses.HBONE_PORT, ECHO, "go-double");

        assertThat(said).contains(ALL_ANSWERED);
        assertArrived("echo", "go-double");
    }

    @Test
    void it_calls_a_ztunnel_by_the_relay_by_two_tunnels() throws Exception {
        lab().startEast("east", LabAddresses.EAST, LabAddresses.WEST);

        String said = lab().callByGoClient(
                        client, "--double-hbone", LabAddresses.EAST + ":" + LabAddresses.RELAY_PORT, ECHO, "go-relay");

        assertThat(said).contains(ALL_ANSWERED);
        assertArrived("echo", "go-relay");
    }

    private static void assertArrived(String application, String word) throws Exception {
        assertThat(lab().log(application).lines().filter(line -> line.equals(EchoMain.RECEIVED + word)))
                .as("what reached the application")
                .hasSize(InteropLab.GO_CLIENT_CALLS);
    }

    private static InteropLab lab() {
        return Optional.ofNullable(lab).orElseThrow();
    }
}
