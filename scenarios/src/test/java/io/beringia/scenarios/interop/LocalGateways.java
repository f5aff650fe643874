package io.beringia.scenarios.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.scenarios.interop.LabPrograms.Pod;
import io.beringia.scenarios.interop.LabPrograms.Site;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A lab in which clients of the east go by two gateways of their own cluster to the echo in the west, which has one. Owned by
 * the test's thread.
 */
final class LocalGateways {
    static final Pod WEB = new Pod(
            Site.EAST, LabIdentities.CLIENT, "web-0", Namespaces.CLIENT, LabAddresses.CLIENT, LabFiles.WEB_TOKEN);
    static final Pod OTHER =
            new Pod(Site.EAST, LabIdentities.CLIENT, "web-1", Namespaces.OTHER, LabAddresses.OTHER, LabFiles.WEB_TOKEN);

    /** The processes of both clusters' discovery; the east's has the certificate server too. */
    static final List<String> DISCOVERIES = List.of("east", "west");

    private static final Pod ECHO = new Pod(
            Site.WEST, LabIdentities.SERVER, "echo-0", Namespaces.SERVER, LabAddresses.SERVER, LabFiles.ECHO_TOKEN);
    private static final String KNOWN = "east-1//Pod/beringia-system/";
    private static final String UNHEALTHY = "!\"Unhealthy\"";

    private final LabPrograms lab;
    private final LabFiles files;
    /** How often each was started. */
    private final Map<One, Integer> starts = new HashMap<>();

    private LocalGateways(LabPrograms lab, LabFiles files) {
        this.lab = lab;
        this.files = files;
    }

    /** A gateway of the lab. */
    enum One {
        EAST_0("gw-0", LabAddresses.EAST),
        EAST_1("gw-1", LabAddresses.EAST_SECOND),
        WEST_0("gw-0", LabAddresses.WEST);

        private final String pod;
        private final String address;

        One(String pod, String address) {
            this.pod = pod;
            this.address = address;
        }

        private Site site() {
            return this == WEST_0 ? Site.WEST : Site.EAST;
        }

        String metrics() {
            return "http://" + address + ":" + LabAddresses.ADMIN_PORT + "/metrics";
        }
    }

    /** Starts all of it, and waits until each client knows both gateways to be well. */
    static LocalGateways start(LabPrograms lab, Path directory, List<Pod> clients) throws IOException {
        LocalGateways started = new LocalGateways(lab, LabFiles.write(directory, List.of(Site.EAST, Site.WEST)));
        started.startRegions();
        for (One one : One.values()) {
            started.start(one);
        }
        lab.ztunnel("server-ztunnel", ECHO);
        lab.application(ECHO);
        for (Pod client : clients) {
            lab.ztunnel("ztunnel-" + client.name(), client);
        }
        for (Pod client : clients) {
            started.awaitWell(client);
        }
        return started;
    }

    private void startRegions() throws IOException {
        east(files);
        west(files);
        lab.federation(files);
    }

    /** Under a name of its own each time, so that what it says is not taken for what another said. */
    void start(One one) throws IOException {
        starts.merge(one, 1, Integer::sum);
        lab.region(
                process(one),
                one.site(),
                one.address,
                files.gateway(
                        one.site(),
                        one.pod,
                        one.site().equals(Site.EAST) ? LabIdentities.GATEWAY_EAST : LabIdentities.GATEWAY_WEST,
                        one.address));
    }

    /** The process that it is now. */
    String process(One one) {
        return "gateway-" + one.site().cluster() + "-" + one.pod + "-" + starts.getOrDefault(one, 0);
    }

    void awaitWell(Pod client) throws IOException {
        assertThat(lab.dumpIn(client.namespace(), KNOWN + "gw-0", KNOWN + "gw-1", "relay.east-1/", UNHEALTHY))
                .as("both gateways are well")
                .contains(KNOWN + "gw-0", KNOWN + "gw-1")
                .doesNotContain(UNHEALTHY.substring(1));
    }

    private static void east(LabFiles files) throws IOException {
        files.cluster(
                Site.EAST,
                LabFiles.namespace("demo"),
                LabFiles.namespace("beringia-system"),
                LabFiles.echo(LabFiles.EXPORTED),
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
                LabFiles.echo(LabFiles.EXPORTED),
                LabFiles.gateways(),
                LabFiles.gateway("gw-0", LabIdentities.GATEWAY_WEST, LabAddresses.WEST, true),
                LabFiles.pod("echo-0", "echo", LabAddresses.SERVER, true));
    }
}
