package io.beringia.scenarios.interop;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.RegionId;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;

/** Who is who in the lab. */
final class LabIdentities {
    static final TrustDomain TRUST_DOMAIN = new TrustDomain("cluster.local");

    static final RegionId REGION_EAST = new RegionId("us-east");
    static final RegionId REGION_WEST = new RegionId("us-west");
    static final ClusterId CLUSTER_EAST = new ClusterId("east-1");
    static final ClusterId CLUSTER_WEST = new ClusterId("west-1");
    static final Network NETWORK_EAST = new Network("net-east");
    static final Network NETWORK_WEST = new Network("net-west");

    static final SpiffeId CERTIFICATES = SpiffeId.ofWorkload(TRUST_DOMAIN, "beringia-system", "certificates");
    static final SpiffeId GATEWAY_EAST = SpiffeId.ofWorkload(TRUST_DOMAIN, "beringia-system", "gateway-east");
    static final SpiffeId GATEWAY_WEST = SpiffeId.ofWorkload(TRUST_DOMAIN, "beringia-system", "gateway-west");
    static final SpiffeId CLIENT = SpiffeId.ofWorkload(TRUST_DOMAIN, "demo", "web");
    static final SpiffeId SERVER = SpiffeId.ofWorkload(TRUST_DOMAIN, "demo", "echo");
    static final SpiffeId HOST = SpiffeId.ofWorkload(TRUST_DOMAIN, "demo", "machine");
    static final SpiffeId CALLER = SpiffeId.ofWorkload(TRUST_DOMAIN, "demo", "caller");
    static final SpiffeId WAYPOINT = SpiffeId.ofWorkload(TRUST_DOMAIN, "demo", "waypoint");
    static final String WAYPOINT_UID = "west-1//Pod/demo/waypoint-0";
    static final String CALLER_UID = "west-1//WorkloadEntry/demo/caller";
    /** Has the same accounts as ours, and its own root. */
    static final TrustDomain FOREIGN_DOMAIN = new TrustDomain("other.local");

    static final String HOST_UID = "east-1//WorkloadEntry/demo/machine";

    static final ServiceName MACHINE = new ServiceName("demo", "machine.demo.svc.cluster.local");
    static final ServiceName ECHO = new ServiceName("demo", "echo.demo.svc.cluster.local");
    /** The DNS name by which ztunnels know the certificate server. */
    static final String CERTIFICATES_NAME = "certificates.beringia-system.svc";

    static final SpiffeId DISCOVERY = SpiffeId.ofWorkload(TRUST_DOMAIN, "beringia-system", "discovery");
    /** Signs plans. */
    static final SpiffeId LEADER = SpiffeId.ofWorkload(TRUST_DOMAIN, "beringia-system", "failover");
    /** The DNS name by which ztunnels know discovery. */
    static final String DISCOVERY_NAME = "discovery.beringia-system.svc";

    private LabIdentities() {}
}
