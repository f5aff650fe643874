package io.beringia.scenarios.interop;

/** Who lives where in the lab. */
final class LabAddresses {
    /** Addresses of the mesh's bridge, from 1. */
    static final int MESH_HOSTS = 15;

    static final String CERTIFICATES = Namespaces.address(1);
    static final String EAST = Namespaces.address(2);
    static final String WEST = Namespaces.address(3);
    /** A gateway that presents a certificate of a foreign root. */
    static final String IMPOSTOR = Namespaces.address(4);
    /** Listens, and never answers. */
    static final String FROZEN = Namespaces.address(5);
    /** A second gateway of the east, whose catalog knows the frozen one too. */
    static final String EAST_HEDGING = Namespaces.address(6);

    /** A host without a ztunnel, behind our proxy. */
    static final String HOST = Namespaces.address(7);

    static final String DISCOVERY = Namespaces.address(8);
    static final String DISCOVERY_WEST = Namespaces.address(12);

    /** A gateway whose certificate leads to the second root of our own trust domain. */
    static final String SUCCESSOR = Namespaces.address(9);

    /** A gateway of a foreign trust domain. */
    static final String FOREIGNER = Namespaces.address(10);

    /** A host without a ztunnel that calls through our proxy. */
    static final String CALLER = Namespaces.address(11);

    /** A second gateway of the west, of which the east's know only what a test tells them. */
    static final String WEST_SECOND = Namespaces.address(13);

    /** A second gateway of the east, for its own workloads. */
    static final String EAST_SECOND = Namespaces.address(14);

    /** A gateway whose certificate is taken back. */
    static final String TAKEN_BACK = Namespaces.address(15);

    static final String CLIENT = Namespaces.address(21);
    /** A second client. */
    static final String OTHER = Namespaces.address(23);

    static final String SERVER = Namespaces.address(22);
    /** The service's address in the east; nobody has it. */
    static final String SERVICE = "10.96.0.10";

    /** The host's service; nobody has it either. */
    static final String HOST_SERVICE = "10.96.0.11";

    static final int SERVICE_PORT = 80;
    /** Of the host's service; nobody may call it. */
    static final int DENIED_PORT = 81;

    static final int ECHO_PORT = 8_080;
    static final int DENIED_ECHO_PORT = 8_081;
    static final int CERTIFICATES_PORT = 15_012;
    static final int XDS_PORT = 15_013;
    static final int PEERING_PORT = 15_035;
    static final int ADMIN_PORT = 15_020;
    static final int HBONE_PORT = 15_008;
    static final int RELAY_PORT = 15_018;

    /** The lab's Kubernetes API, for the certificate server beside it alone. */
    static final String KUBE = "127.0.1.1:6443";

    private LabAddresses() {}
}
