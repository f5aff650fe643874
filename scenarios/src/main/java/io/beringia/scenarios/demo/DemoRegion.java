package io.beringia.scenarios.demo;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.List;

/**
 * One region of the demo: one cluster in one network, with loopback addresses of its own, so that every region uses the
 * standard ports.
 *
 * @param number 1 to 254; all addresses are in {@code 127.<number>.0.0/16}
 */
public record DemoRegion(RegionId region, ClusterId cluster, Network network, int number) {
    /** Not {@code cluster.local}: a name of one's own is what federation needs. */
    public static final TrustDomain TRUST_DOMAIN = new TrustDomain("beringia.demo");

    public static final DemoRegion EAST = of("us-east", "east-1", "net-east", 1);
    public static final DemoRegion WEST = of("us-west", "west-1", "net-west", 2);
    public static final List<DemoRegion> ALL = List.of(EAST, WEST);

    static final int HBONE_PORT = 15_008;
    static final int RELAY_PORT = 15_018;
    static final int ECHO_PORT = 8_080;
    /** Open while the application is ready. */
    static final int READY_PORT = 8_081;

    static final int GATEWAYS = 2;
    private static final int GATEWAY_HOST = 2;
    private static final int SERVER_HOST = 10;
    private static final int CLIENT_HOST = 20;
    private static final int ADMIN_PORT = 15_020;

    private static DemoRegion of(String region, String cluster, String network, int number) {
        return new DemoRegion(new RegionId(region), new ClusterId(cluster), new Network(network), number);
    }

    public DemoRegion other() {
        return equals(EAST) ? WEST : EAST;
    }

    IpAddress gateway(int index) {
        return address(GATEWAY_HOST + index);
    }

    IpAddress server() {
        return address(SERVER_HOST);
    }

    IpAddress client() {
        return address(CLIENT_HOST);
    }

    /** Where an application asks the client's host proxy for a service. */
    SocketAddress listener(DemoService service) {
        return new SocketAddress(client(), service.listenerPort());
    }

    static SocketAddress admin(IpAddress of) {
        return new SocketAddress(of, ADMIN_PORT);
    }

    SpiffeId gatewayIdentity() {
        return SpiffeId.ofWorkload(TRUST_DOMAIN, "beringia-system", "gateway-" + cluster);
    }

    SpiffeId clientIdentity() {
        return SpiffeId.ofWorkload(TRUST_DOMAIN, "demo", "web-" + cluster);
    }

    SpiffeId serverIdentity() {
        return SpiffeId.ofWorkload(TRUST_DOMAIN, "demo", "echo-" + cluster);
    }

    String uid(String namespace, String pod) {
        return cluster + "//Pod/" + namespace + "/" + pod;
    }

    private IpAddress address(int host) {
        return IpAddress.parse("127." + number + ".0." + host);
    }
}
