package io.beringia.scenarios.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.scenarios.fault.Signal;
import io.beringia.scenarios.interop.LabPrograms.Pod;
import io.beringia.scenarios.interop.LabPrograms.Site;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Against the ztunnel that {@code ZTUNNEL} names: two clients, each with one, go by two gateways of their own cluster, and
 * one of these is lost. Nobody hedges for a stock ztunnel there. Who called a moment before the news may fail, and is
 * counted; who calls later may not.
 */
@Tag("interop")
@ResourceLock(Namespaces.NAMES)
final class LocalGatewayInteropTest {
    /** So many new connections a second of each client. */
    private static final int RATE = 50;

    private static final Duration BEFORE = Duration.ofSeconds(10);
    /** From here on nothing may fail. */
    private static final Duration NEWS_MAX = Duration.ofSeconds(2);

    /** What was well before the loss is looked at from here. */
    private static final Duration WARM = Duration.ofSeconds(9);

    private static final Duration AFTER = Duration.ofSeconds(6);
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final Pod WEB = new Pod(
            Site.EAST, LabIdentities.CLIENT, "web-0", Namespaces.CLIENT, LabAddresses.CLIENT, LabFiles.WEB_TOKEN);
    private static final Pod OTHER =
            new Pod(Site.EAST, LabIdentities.CLIENT, "web-1", Namespaces.OTHER, LabAddresses.OTHER, LabFiles.WEB_TOKEN);

    private static final String GATEWAYS = "east-1//Pod/beringia-system/";
    private static final String UNHEALTHY = "!\"Unhealthy\"";

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @EnumSource(
            value = Signal.class,
            names = {"KILL", "STOP"})
    void two_seconds_after_one_of_two_local_gateways_is_lost_nothing_fails_or_hangs(Signal fault) throws Exception {
        try (LabPrograms lab = LabPrograms.in(directory, Interop.ztunnel())) {
            start(lab, LabFiles.write(directory, List.of(Site.EAST, Site.WEST)));
            lab.startLoad("load-web", WEB, RATE);
            lab.startLoad("load-other", OTHER, RATE);
            awaitLoad(lab, System.nanoTime() + BEFORE.toNanos());

            long lost = lab.send("gateway-east-1", fault);
            awaitLoad(lab, lost + AFTER.toNanos());

            LoadLog all = lab.endLoad("load-web").with(lab.endLoad("load-other"));
            report(fault, all, lost);
            assertThat(all.from(lost - WARM.toNanos())
                            .before(lost - SocksLoadMain.DEADLINE.toNanos())
                            .failed()
                            .connections())
                    .as("while both are well")
                    .isEmpty();
            LoadLog later = all.from(lost + NEWS_MAX.toNanos());
            assertThat(later.size()).as("connections afterwards").isGreaterThan(2 * RATE);
            assertThat(later.failed().connections()).isEmpty();
        }
    }

    private void start(LabPrograms lab, LabFiles files) throws IOException {
        east(files);
        west(files);
        lab.region(
                "east",
                Site.EAST,
                LabAddresses.DISCOVERY,
                files.kube(Site.EAST, 6443)
                        + files.trust()
                        + files.discovery(Site.EAST, LabFiles.federated("gateway-east", Site.WEST)));
        lab.region(
                "west",
                Site.WEST,
                LabAddresses.DISCOVERY_WEST,
                files.kube(Site.WEST, 6444)
                        + files.discovery(Site.WEST, LabFiles.federated("gateway-west", Site.EAST)));
        gateway(lab, files, Site.EAST, "gw-0", "gateway-east-0", LabAddresses.EAST);
        gateway(lab, files, Site.EAST, "gw-1", "gateway-east-1", LabAddresses.EAST_SECOND);
        gateway(lab, files, Site.WEST, "gw-0", "gateway-west-0", LabAddresses.WEST);
        Pod echo = new Pod(
                Site.WEST, LabIdentities.SERVER, "echo-0", Namespaces.SERVER, LabAddresses.SERVER, LabFiles.ECHO_TOKEN);
        lab.ztunnel("server-ztunnel", echo);
        lab.application(echo);
        lab.ztunnel("ztunnel-web", WEB);
        lab.ztunnel("ztunnel-other", OTHER);
        for (String namespace : List.of(Namespaces.CLIENT, Namespaces.OTHER)) {
            assertThat(lab.dumpIn(namespace, GATEWAYS + "gw-0", GATEWAYS + "gw-1", "relay.east-1/", UNHEALTHY))
                    .as("both gateways are well")
                    .contains(GATEWAYS + "gw-0", GATEWAYS + "gw-1")
                    .doesNotContain(UNHEALTHY.substring(1));
        }
    }

    private static void gateway(LabPrograms lab, LabFiles files, Site site, String name, String process, String address)
            throws IOException {
        boolean east = site.equals(Site.EAST);
        lab.region(
                process,
                site,
                address,
                files.gateway(site, name, east ? LabIdentities.GATEWAY_EAST : LabIdentities.GATEWAY_WEST, address));
    }

    private static void east(LabFiles files) throws IOException {
        files.cluster(
                Site.EAST,
                LabFiles.namespace("demo"),
                LabFiles.namespace("beringia-system"),
                LabFiles.echo("{istio.io/global: \"true\"}"),
                LabFiles.gateways(),
                LabFiles.gateway("gw-0", LabIdentities.GATEWAY_EAST, LabAddresses.EAST, true),
                LabFiles.gateway("gw-1", LabIdentities.GATEWAY_EAST, LabAddresses.EAST_SECOND, true),
                LabFiles.pod("web-0", "web", LabAddresses.CLIENT, true),
                LabFiles.pod("web-1", "web", LabAddresses.OTHER, true));
    }

    private static void west(LabFiles files) throws IOException {
        files.cluster(
                Site.WEST,
                LabFiles.namespace("demo"),
                LabFiles.namespace("beringia-system"),
                LabFiles.echo("{istio.io/global: \"true\"}"),
                LabFiles.gateways(),
                LabFiles.gateway("gw-0", LabIdentities.GATEWAY_WEST, LabAddresses.WEST, true),
                LabFiles.pod("echo-0", "echo", LabAddresses.SERVER, true));
    }

    /** Until connections that were due then have ended. */
    private static void awaitLoad(LabPrograms lab, long nanos) {
        for (String load : List.of("load-web", "load-other")) {
            await(load).atMost(WITHIN).until(() -> lab.load(load).from(nanos).size() > 0);
        }
    }

    private static void report(Signal fault, LoadLog all, long lost) {
        LoadLog failed = all.failed();
        System.out.printf(
                "interop: one of two local gateways got %s under %d connections a second: %d victims %s of %d, the last %d ms after it%n",
                fault,
                2 * RATE,
                failed.size(),
                failed.words(),
                all.size(),
                failed.connections().stream()
                        .mapToLong(victim -> (victim.dueNanos() - lost) / 1_000_000)
                        .max()
                        .orElse(0));
    }
}
