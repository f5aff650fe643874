package io.beringia.cli;

import io.beringia.discovery.catalog.Destination;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.ProbeQuestion;
import io.beringia.discovery.wire.YamlFields;
import io.beringia.gateway.host.HostConfig;
import io.beringia.gateway.host.HostLimits;
import io.beringia.gateway.host.Readiness;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads one of the roles {@code hosts}: a workload that is its own proxy, in a pod or outside of any cluster. */
final class HostYaml {
    private static final SocketAddress NO_LOOPBACK = SocketAddress.parse("127.0.0.1:1");
    private static final SocketAddress NO_HBONE = SocketAddress.parse("0.0.0.0:15008");
    private static final IpAddress LOCALHOST = IpAddress.parse("127.0.0.1");
    private static final IpAddress NO_IP = IpAddress.parse("0.0.0.0");

    private final SocketAddress admin;

    HostYaml(SocketAddress admin) {
        this.admin = admin;
    }

    HostConfig read(YamlFields fields) {
        Optional<Readiness> readiness =
                fields.maybeOf("readiness", HostYaml::readinessOf).flatMap(Function.identity());
        HostConfig host = new HostConfig(
                        fields.required("workload", "none", Function.identity()),
                        fields.required("source", NO_IP, IpAddress::parse),
                        fields.optional("loops", 1, RegionConfigFile::number),
                        fields.maybe("socks", SocketAddress::parse),
                        fields.listOf("listeners", HostYaml::listenerOf),
                        fields.optional("plain-allowed", false, RegionConfigFile::flag),
                        fields.maybeOf("inbound", this::inboundOf))
                .with(GatewayYaml.drainOf(fields, HostConfig.DRAIN))
                .with(GatewayYaml.maxAgeOf(fields))
                .with(fields.maybeOf("limits", HostYaml::limitsOf).orElse(HostLimits.DEFAULT));
        return readiness.map(host::with).orElse(host);
    }

    private static HostLimits limitsOf(YamlFields fields) {
        HostLimits unless = HostLimits.DEFAULT;
        return new HostLimits(
                fields.optional("connections", unless.connections(), RegionConfigFile::number),
                fields.optional("handshakes", unless.handshakes(), RegionConfigFile::number),
                fields.maybeOf("frames", GatewayYaml::framesOf).orElse(unless.frames()));
    }

    /** Nothing where what is there was refused. */
    private static Optional<Readiness> readinessOf(YamlFields fields) {
        Optional<ProbeQuestion> tcp = fields.maybe("tcp", HostYaml::tcpOf);
        Optional<ProbeQuestion> http = fields.maybe("http", HostYaml::httpOf);
        fields.exactlyOne("tcp", "http");
        Duration period = fields.optional("period", Readiness.DEFAULT_PERIOD, YamlFields::duration);
        Duration timeout = fields.optional("timeout", Readiness.DEFAULT_TIMEOUT, YamlFields::duration);
        int successes = fields.optional("successes", Readiness.DEFAULT_SUCCESSES, RegionConfigFile::number);
        int failures = fields.optional("failures", Readiness.DEFAULT_FAILURES, RegionConfigFile::number);
        return tcp.or(() -> http).map(question -> new Readiness(question, period, timeout, successes, failures));
    }

    private static ProbeQuestion tcpOf(String text) {
        SocketAddress address = SocketAddress.parse(text);
        return new ProbeQuestion.Tcp(address.ip().toString(), address.port());
    }

    private static ProbeQuestion httpOf(String text) {
        try {
            URI uri = new URI(text);
            if ("http".equals(uri.getScheme()) && uri.getHost() != null) {
                return new ProbeQuestion.Http(uri);
            }
        } catch (URISyntaxException wrong) {
            throw new IllegalArgumentException(text + " (expected: http://host:port/path)", wrong);
        }
        throw new IllegalArgumentException(text + " (expected: http://host:port/path)");
    }

    private static HostConfig.Listener listenerOf(YamlFields fields) {
        return new HostConfig.Listener(
                fields.required("listen", NO_LOOPBACK, SocketAddress::parse),
                fields.required("service", new Destination.ByName("none", 1), HostYaml::destination));
    }

    /** Our own admin port is never a target, said or not. */
    private HostConfig.Inbound inboundOf(YamlFields fields) {
        return new HostConfig.Inbound(
                fields.required("listen", NO_HBONE, HostYaml::hboneOf),
                fields.optional("application", LOCALHOST, IpAddress::parse),
                Set.copyOf(fields.list("ports", RegionConfigFile::number)),
                Stream.concat(Stream.of(admin.port()), fields.list("admin-ports", RegionConfigFile::number).stream())
                        .collect(Collectors.toSet()),
                fields.optional("probe", false, RegionConfigFile::flag));
    }

    private static SocketAddress hboneOf(String text) {
        SocketAddress address = SocketAddress.parse(text);
        if (address.port() != NO_HBONE.port()) {
            throw new IllegalArgumentException(
                    text + " (expected: port " + NO_HBONE.port() + ", other proxies dial no other)");
        }
        return address;
    }

    private static Destination.ByName destination(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("\"" + text + "\" (expected: hostname:port)");
        }
        return new Destination.ByName(text.substring(0, colon), RegionConfigFile.number(text.substring(colon + 1)));
    }
}
