package io.beringia.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.gateway.HboneClient.BelievesAll;
import io.beringia.trust.authority.Authority;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both sides of our TLS without a socket: on channels whose time the test turns. */
final class HandshakesTest {
    private static final TrustDomain MESH = new TrustDomain("cluster.local");
    private static final SpiffeId US = SpiffeId.ofWorkload(MESH, "beringia-system", "gateway-east");
    private static final SpiffeId PEER = SpiffeId.ofWorkload(MESH, "demo", "peer");
    private static final int SERVER_NAME = 0;
    private static final int GROUPS = 10;
    private static final int ALPN = 16;
    private static final int PRE_SHARED_KEY = 41;
    private static final int EARLY_DATA = 42;
    private static final int VERSIONS = 43;

    private final Authority root = Authority.root(MESH);
    private final TlsContexts contexts =
            TlsContexts.of(svid(US), new HandshakeVerdict(new SpiffeVerifier(), root::bundles, InstantSource.system()));
    private final AtomicLong awake = new AtomicLong();
    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private final List<HandshakeResult> results = new ArrayList<>();

    @AfterEach
    void ends() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    private X509Svid svid(SpiffeId id) {
        return root.svid(id, Duration.ofHours(1));
    }

    private EmbeddedChannel channel() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        channels.add(channel);
        return channel;
    }

    private EmbeddedChannel ourServer() {
        EmbeddedChannel channel = channel();
        contexts.accept(channel, awake::get, (_, result) -> results.add(result));
        return channel;
    }

    private EmbeddedChannel ourClient() {
        EmbeddedChannel channel = channel();
        contexts.connect(channel, Set.of(PEER), awake::get, (_, result) -> results.add(result));
        return channel;
    }

    private EmbeddedChannel peer(SslContext context) {
        EmbeddedChannel channel = channel();
        channel.pipeline().addLast(context.newHandler(channel.alloc()));
        return channel;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_silent_peer_has_five_seconds_of_our_awake_time(boolean server) {
        EmbeddedChannel channel = server ? ourServer() : ourClient();
        pass(channel, Duration.ofSeconds(60));
        assertThat(results).as("all of it slept through").isEmpty();
        assertThat(channel.isOpen()).isTrue();
        awake.set(Duration.ofMillis(4_999).toNanos());
        pass(channel, Duration.ofSeconds(10));
        assertThat(results).isEmpty();
        awake.set(TlsContexts.HANDSHAKE_TIMEOUT.toNanos());
        pass(channel, Duration.ofSeconds(10));
        assertThat(results)
                .singleElement()
                .isInstanceOfSatisfying(
                        HandshakeResult.Failed.class,
                        failed -> assertThat(failed.word()).isEqualTo("handshake-timeout"));
        assertThat(channel.isOpen()).isFalse();
    }

    private static void pass(EmbeddedChannel channel, Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void a_handshake_that_is_over_has_no_deadline() throws Exception {
        EmbeddedChannel server = ourServer();
        talk(peer(clientOf("X25519")), server);
        awake.set(Duration.ofMinutes(1).toNanos());
        pass(server, Duration.ofMinutes(1));
        assertThat(results).singleElement().isInstanceOf(HandshakeResult.Trusted.class);
        assertThat(server.isOpen()).isTrue();
    }

    @Test
    void a_client_of_ours_says_no_name_offers_tls_1_3_and_h2_alone_and_the_post_quantum_group_first() {
        Hello hello = Hello.read(ourClient());
        assertThat(hello.extensions()).doesNotContainKeys(SERVER_NAME, PRE_SHARED_KEY, EARLY_DATA);
        assertThat(hello.shorts(VERSIONS, 1)).as("supported_versions").containsExactly(0x0304);
        assertThat(hello.suites()).contains(0x1301, 0x1302).allMatch(suite -> suite >> 8 == 0x13);
        assertThat(hello.shorts(GROUPS, 2))
                .as("X25519MLKEM768, x25519, P-256, P-384")
                .containsExactly(0x11ec, 0x1d, 0x17, 0x18);
        assertThat(hello.extensions().get(ALPN)).as("h2").containsExactly(0, 3, 2, 'h', '2');
    }

    /** Each is what some build of ztunnel offers alone or first. */
    @ParameterizedTest
    @ValueSource(strings = {"X25519MLKEM768", "X25519", "P-256", "P-384"})
    void a_server_of_ours_takes_each_group_of_a_ztunnel(String group) throws Exception {
        talk(peer(clientOf(group)), ourServer());
        assertThat(results)
                .singleElement()
                .isInstanceOfSatisfying(
                        HandshakeResult.Trusted.class,
                        trusted -> assertThat(trusted.peer().id()).isEqualTo(PEER));
    }

    private SslContext clientOf(String group) throws Exception {
        X509Svid svid = svid(PEER);
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .protocols("TLSv1.3")
                .trustManager(new BelievesAll())
                .endpointIdentificationAlgorithm(null)
                .option(OpenSslContextOption.GROUPS, new String[] {group})
                .keyManager(svid.key(), svid.chain().toArray(X509Certificate[]::new))
                .applicationProtocolConfig(h2())
                .build();
    }

    @Test
    void a_server_that_speaks_no_h2_is_not_used() throws Exception {
        talk(ourClient(), peer(server(ApplicationProtocolConfig.DISABLED)));
        assertThat(results)
                .singleElement()
                .isInstanceOfSatisfying(
                        HandshakeResult.Failed.class,
                        failed -> assertThat(failed.word()).isEqualTo("no-h2"));
    }

    @Test
    void a_server_of_exactly_the_expected_identity_is_used_and_its_tickets_are_not() throws Exception {
        SslContext server = server(h2());
        talk(ourClient(), peer(server));
        assertThat(results).singleElement().isInstanceOf(HandshakeResult.Trusted.class);
        assertThat(Hello.read(ourClient()).extensions())
                .as("the second connection")
                .doesNotContainKeys(PRE_SHARED_KEY, EARLY_DATA);
    }

    /** The JDK's, which sends session tickets. */
    private SslContext server(ApplicationProtocolConfig protocols) throws Exception {
        X509Svid svid = svid(PEER);
        return SslContextBuilder.forServer(svid.key(), svid.chain().toArray(X509Certificate[]::new))
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3")
                .clientAuth(ClientAuth.REQUIRE)
                .trustManager(new BelievesAll())
                .applicationProtocolConfig(protocols)
                .build();
    }

    private static ApplicationProtocolConfig h2() {
        return new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                "h2");
    }

    /** Carries bytes between the two until neither has more to say. */
    private static void talk(EmbeddedChannel one, EmbeddedChannel other) {
        boolean more = true;
        while (more) {
            boolean there = carry(one, other);
            boolean back = carry(other, one);
            more = there || back;
        }
    }

    private static boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
        boolean any = false;
        for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            any = true;
            if (to.isOpen()) {
                to.writeInbound(bytes);
            } else {
                bytes.release();
            }
        }
        return any;
    }

    /** The first flight of a client (RFC 8446, 4.1.2). */
    private record Hello(List<Integer> suites, Map<Integer, byte[]> extensions) {
        private static final int BEFORE_SESSION_ID = 5 + 4 + 2 + 32;

        static Hello read(EmbeddedChannel client) {
            ByteBuf all = Unpooled.buffer();
            for (ByteBuf part = client.readOutbound(); part != null; part = client.readOutbound()) {
                all.writeBytes(part);
                part.release();
            }
            all.skipBytes(BEFORE_SESSION_ID);
            all.skipBytes(all.readUnsignedByte());
            List<Integer> suites = shorts(all.readSlice(all.readUnsignedShort()));
            all.skipBytes(all.readUnsignedByte());
            ByteBuf rest = all.readSlice(all.readUnsignedShort());
            Map<Integer, byte[]> extensions = new HashMap<>();
            while (rest.isReadable()) {
                int type = rest.readUnsignedShort();
                byte[] content = new byte[rest.readUnsignedShort()];
                rest.readBytes(content);
                extensions.put(type, content);
            }
            return new Hello(suites, extensions);
        }

        /** What is listed in an extension, behind a length of so many bytes. */
        List<Integer> shorts(int extension, int lengthBytes) {
            return shorts(Unpooled.wrappedBuffer(extensions.get(extension)).skipBytes(lengthBytes));
        }

        /** Without the reserved values that BoringSSL strews in (RFC 8701). */
        private static List<Integer> shorts(ByteBuf list) {
            List<Integer> values = new ArrayList<>();
            while (list.isReadable()) {
                int value = list.readUnsignedShort();
                if ((value & 0x0f0f) != 0x0a0a) {
                    values.add(value);
                }
            }
            return values;
        }
    }
}
