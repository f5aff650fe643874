package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Network;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.routing.ConnectHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Header blocks as ztunnel writes them ({@code istio/ztunnel src/proxy/outbound.rs}, {@code src/baggage.rs}). Pure. */
final class HostHeaders {
    static final String FORWARDED_NETWORK = "x-forwarded-network";

    private HostHeaders() {}

    /**
     * A CONNECT of ours.
     *
     * @param application the local end that asked
     */
    static Http2Headers connect(
            String authority,
            Workload self,
            SocketAddress application,
            Optional<ServiceName> service,
            String traceparent) {
        return new DefaultHttp2Headers()
                .method("CONNECT")
                .authority(authority)
                .add(ConnectHeaders.BAGGAGE, baggage(self))
                .add(ConnectHeaders.FORWARDED, forwarded(application, service))
                .add(ConnectHeaders.TRACEPARENT, traceparent);
    }

    /** The CONNECT inside another: only here the other end learns our network. */
    static Http2Headers inner(Http2Headers outer, Network network) {
        Http2Headers inner = new DefaultHttp2Headers();
        inner.setAll(outer);
        return inner.add(FORWARDED_NETWORK, network.name());
    }

    static String forwarded(SocketAddress application, Optional<ServiceName> service) {
        return "for=\"" + application + "\""
                + service.map(name -> ";host=" + name.hostname()).orElse("");
    }

    /** Fixed order, no escapes, empty values left out. */
    static String baggage(Workload workload) {
        Workload.Description description = workload.description();
        List<String> members = new ArrayList<>();
        add(members, "k8s.cluster.name", workload.cluster().name());
        add(members, "k8s.namespace.name", workload.namespace());
        add(members, "k8s." + description.workloadType() + ".name", description.workloadName());
        add(members, "service.name", description.canonicalName());
        add(members, "service.version", description.canonicalRevision());
        add(members, "cloud.region", workload.locality().region());
        add(members, "cloud.availability_zone", workload.locality().zone());
        return String.join(",", members);
    }

    private static void add(List<String> members, String key, String value) {
        if (!value.isEmpty()) {
            members.add(key + "=" + value);
        }
    }

    /** W3C Trace Context, version 00, not sampled. */
    static String traceparent(RandomGenerator random) {
        return String.format("00-%016x%016x-%016x-00", random.nextLong(), random.nextLong() | 1, random.nextLong() | 1);
    }
}
