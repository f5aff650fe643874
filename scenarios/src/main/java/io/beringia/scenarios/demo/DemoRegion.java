package io.beringia.scenarios.demo;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.scenarios.fault.Site;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One site of the demo: one cluster in one network, with loopback addresses of its own, so that every site uses the
 * standard ports.
 *
 * @param number 1 to 254; all addresses are in {@code 127.<number>.0.0/16}
 */
public record DemoRegion(RegionId region, ClusterId cluster, Network network, int number) {
    /** Not {@code cluster.local}: a name of one's own is what federation needs. */
    public static final TrustDomain TRUST_DOMAIN = new TrustDomain("beringia.demo");

    public static final DemoRegion EAST = of("us-east", "east-1", "net-east", 1);
    public static final DemoRegion WEST = of("us-west", "west-1", "net-west", 2);

    /** Regions with traffic. */
    public static final List<DemoRegion> ALL = List.of(EAST, WEST);

    /** A third place, which serves nothing: it only sees and votes. */
    public static final DemoRegion WITNESS = of("witness", "witness", "net-witness", 3);

    public static final List<DemoRegion> SITES = List.of(EAST, WEST, WITNESS);

    /** Where the mesh itself lives in every cluster. */
    static final String SYSTEM = "beringia-system";

    static final int HBONE_PORT = 15_008;
    static final int RELAY_PORT = 15_018;
    static final int ECHO_PORT = 8_080;
    /** Open while the application is ready. */
    static final int READY_PORT = 8_081;

    static final int GATEWAYS = 2;
    private static final int ADMIN_PORT = 15_020;
    private static final int CONTROL_HOST = 1;
    private static final int GATEWAY_HOST = 2;
    private static final int SERVER_HOST = 10;
    private static final int PROBE_HOST = 11;
    private static final int CLIENT_HOST = 20;

    private static DemoRegion of(String region, String cluster, String network, int number) {
        return new DemoRegion(new RegionId(region), new ClusterId(cluster), new Network(network), number);
    }

    /** Throws {@link IllegalArgumentException} where no site is called so. */
    public static DemoRegion named(String name) {
        return SITES.stream()
                .filter(site -> site.region().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" (expected: one of "
                        + SITES.stream().map(site -> site.region().name()).collect(Collectors.joining(", ")) + ")"));
    }

    /** The same place in a testbed. */
    public Site site() {
        return new Site(region.name(), number);
    }

    boolean isWitness() {
        return equals(WITNESS);
    }

    List<DemoRegion> others() {
        return SITES.stream().filter(site -> !site.equals(this)).toList();
    }

    IpAddress control() {
        return address(CONTROL_HOST);
    }

    IpAddress gateway(int index) {
        return address(GATEWAY_HOST + index);
    }

    IpAddress server() {
        return address(SERVER_HOST);
    }

    /** Where the observers of other sites are answered. */
    IpAddress probe() {
        return address(PROBE_HOST);
    }

    IpAddress client() {
        return address(CLIENT_HOST);
    }

    SocketAddress at(Door door) {
        return new SocketAddress(control(), door.port);
    }

    /** Where an application asks the client's host proxy for a service. */
    SocketAddress listener(DemoService service) {
        return new SocketAddress(client(), service.listenerPort());
    }

    static SocketAddress admin(IpAddress of) {
        return new SocketAddress(of, ADMIN_PORT);
    }

    /** Somebody of the mesh itself: each account has the same name in every cluster, and another intermediate. */
    static SpiffeId system(String account) {
        return SpiffeId.ofWorkload(TRUST_DOMAIN, SYSTEM, account);
    }

    SpiffeId gatewayIdentity() {
        return system("gateway-" + cluster);
    }

    SpiffeId controlIdentity(String role) {
        return system(role + "-" + cluster);
    }

    SpiffeId clientIdentity() {
        return SpiffeId.ofWorkload(TRUST_DOMAIN, "demo", "web-" + cluster);
    }

    SpiffeId serverIdentity() {
        return SpiffeId.ofWorkload(TRUST_DOMAIN, "demo", "echo-" + cluster);
    }

    private IpAddress address(int host) {
        return IpAddress.parse("127." + number + ".0." + host);
    }

    /** Listeners of a control process. */
    enum Door {
        ZOOKEEPER(2_181),
        KUBE(6_443),
        TRUST(15_013),
        XDS(15_012),
        PEERING(15_035),
        OPERATOR(15_036),
        CONSOLE(15_037);

        private final int port;

        Door(int port) {
            this.port = port;
        }
    }
}
