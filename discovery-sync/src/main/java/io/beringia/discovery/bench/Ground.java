package io.beringia.discovery.bench;

import io.beringia.discovery.bench.DiscoveryBenchMain.Identities;
import io.beringia.trust.client.GrpcTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/** Where one measure keeps its files, and who everybody in it is. Any thread. */
record Ground(Path directory, Identities identities) {
    static final String SYSTEM = "beringia-system";
    static final String DISCOVERY = "discovery";
    static final String GATEWAY = "gateway";

    /** A fresh directory for one measure. */
    Ground below(String name) throws IOException {
        return new Ground(Files.createDirectory(directory.resolve(name)), identities);
    }

    GrpcTls tls(String cluster, String account) {
        return new GrpcTls(identities.of(cluster, account), new SpiffeVerifier(), InstantSource.system());
    }

    SpiffeId id(String cluster, String account) {
        return identities.of(cluster, account).svid().id();
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
