package io.beringia.gateway.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.Backend;
import io.beringia.gateway.HboneClient;
import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.gateway.LogLines;
import io.beringia.gateway.World;
import io.beringia.trust.identity.X509Svid;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What peers say never stands in a log or in a label as they said it. */
@Timeout(60)
@ResourceLock("log of io.beringia")
final class HostileTextTest {
    private static final Duration WAIT = Duration.ofSeconds(20);
    /** Of one line: every foreign text in it is cut at 256 characters, each of which may be six when escaped. */
    private static final int LINE_CHARACTERS_MAX = 8 * 1024;

    private static final List<String> FIELDS = List.of(
            ":authority", "baggage", "forwarded", "x-forwarded-network", "traceparent", "x-beringia-source-identity");

    private static final List<byte[]> TEXTS = List.of(
            latin("k8s.pod.name=evil"),
            latin("k8s.pod.name=evil\r\ntunnel opened forged=evil"),
            latin("k8s.pod.name=evil\u001b[2K\u001b[31m,k8s.namespace.name=\u009b2K"),
            latin("k8s.pod.name=evil\" dst.service=\"bank,k8s.cluster.name=\u00e4"),
            latin("for=1.2.3.4;host=evil\u0085\u00a0\u00ad"),
            latin("k8s.pod.name=" + "evil".repeat(15 * 256)),
            new byte[] {'e', 'v', 'i', 'l', (byte) 0xc3, '(', (byte) 0xff, (byte) 0xfe, (byte) 0xe2, (byte) 0x80});

    private final World world = new World();
    private final HostLab lab = new HostLab();

    /** Where they are said. */
    enum Door {
        GATEWAY,
        HOST
    }

    @AfterEach
    void ends() throws Exception {
        world.close();
        lab.close();
    }

    /** What serves there, and what it is asked for when it is to answer 200. */
    private record Served(SocketAddress door, X509Svid client, String authority, MeterRegistry meters, String over) {}

    private Served serve(Door door) throws Exception {
        return switch (door) {
            case GATEWAY -> {
                world.keep(Backend.echo(world.west.addPod()));
                SocketAddress hbone = world.west.addGateway();
                world.publish();
                world.west.start(hbone);
                yield new Served(
                        hbone,
                        world.east.svid(world.east.clientId()),
                        World.AUTHORITY,
                        world.west.meters,
                        "gateway.tunnels.closed");
            }
            case HOST -> {
                Workload server = lab.echo("echo", 2).build();
                lab.publish(List.of(server), List.of(HostLab.echoService(server.identity())), List.of());
                lab.server(server, server.identity());
                world.keep(new Application(lab.ip(2), 8080, Application::echo));
                yield new Served(
                        SocketAddress.parse(lab.ip(2) + ":15008"),
                        lab.credentials(HostLab.id("shop", "client")).svid(),
                        lab.ip(2) + ":8080",
                        lab.meters(),
                        "host.connections.ended");
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void no_line_of_a_log_holds_it_raw_and_no_label_at_all(Door door) throws Exception {
        Served served = serve(door);
        List<String> lines;
        try (LogLines log = LogLines.of("io.beringia")) {
            long opened = sayAll(served);
            assertThat(opened).as("tunnels that came about all the same").isPositive();
            await().atMost(WAIT)
                    .untilAsserted(() ->
                            assertThat(count(served.meters(), served.over())).isEqualTo(opened));
            lines = log.lines();
        }
        assertThat(lines).anyMatch(line -> line.contains("evil\\u"));
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.chars().allMatch(c -> c >= ' ' && c < 0x7f))
                    .as(line)
                    .isTrue();
            assertThat(line).doesNotStartWith("tunnel opened forged").hasSizeLessThan(LINE_CHARACTERS_MAX);
        });
        assertThat(labels(served.meters())).as("words of ours").allMatch(label -> label.matches("[a-z0-9-]{1,40}"));
        assertThat(labels(served.meters())).noneMatch(label -> label.contains("evil"));
    }

    /** Every text in every field, each field on a connection of its own; how many were answered with 200. */
    private static long sayAll(Served served) throws Exception {
        long opened = 0;
        for (String field : FIELDS) {
            try (HboneClient client = HboneClient.connect(served.door(), served.client())) {
                for (byte[] text : TEXTS) {
                    Http2Headers connect =
                            new DefaultHttp2Headers(false).method("CONNECT").authority(served.authority());
                    connect.set(field, new AsciiString(text));
                    Tunnel tunnel = client.open(connect, false);
                    if (tunnel.outcome().equals("200")) {
                        opened++;
                        tunnel.finish().drain();
                    }
                }
            }
        }
        return opened;
    }

    @ParameterizedTest
    @EnumSource
    void many_names_make_no_more_series_than_one(Door door) throws Exception {
        Served served = serve(door);
        try (HboneClient client = HboneClient.connect(served.door(), served.client())) {
            List<Integer> series = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Http2Headers connect = new DefaultHttp2Headers(false)
                        .method("CONNECT")
                        .authority("evil-" + i + ".demo.svc.cluster.local:80")
                        .set("baggage", "k8s.cluster.name=c" + i + ",k8s.namespace.name=n" + i)
                        .set("x-forwarded-network", "net" + i);
                Tunnel refused = client.open(connect, false);
                assertThat(refused.status()).isIn("404", "503");
                refused.finish();
                series.add(served.meters().getMeters().size());
            }
            assertThat(series.getLast()).isEqualTo(series.getFirst());
        }
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static long count(MeterRegistry meters, String name) {
        return (long) meters.find(name).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private static Set<String> labels(MeterRegistry meters) {
        return meters.getMeters().stream()
                .flatMap(meter -> Stream.of(meter.getId().getTags()))
                .flatMap(List::stream)
                .map(Tag::getValue)
                .collect(Collectors.toSet());
    }
}
