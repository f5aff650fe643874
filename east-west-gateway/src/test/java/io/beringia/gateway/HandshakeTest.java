package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.X509Svid;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The gateway's TLS and first frames, as the JDK's own TLS client meets them. */
final class HandshakeTest {
    private static final char[] PASSWORD = "only in memory".toCharArray();
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int SETTINGS = 0x4;
    private static final int PING = 0x6;
    private static final int GOAWAY = 0x7;

    private final World world = new World();
    private final World.Running gateway;
    private final X509Svid client = world.east.svid(world.east.clientId());
    private final SSLContext tls = SSLContext.getInstance("TLS");

    HandshakeTest() throws Exception {
        gateway = world.west.start(world.west.addGateway());
        world.publish();
        tls.init(keys(client).getKeyManagers(), new TrustManager[] {new HboneClient.BelievesAll()}, null);
    }

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    private static KeyManagerFactory keys(X509Svid svid) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        store.setKeyEntry("svid", svid.key(), PASSWORD, svid.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        return keys;
    }

    private SSLSocket connect(String... protocols) throws Exception {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory()
                .createSocket(gateway.hbone().ip().toString(), gateway.hbone().port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        parameters.setProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    @Test
    void speaks_tls_1_3_and_h2_only() throws Exception {
        try (SSLSocket socket = connect("TLSv1.3")) {
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(socket.getSession().getCipherSuite()).isIn("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256");
            assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
        }
        assertThatThrownBy(() -> connect("TLSv1.2").close()).isInstanceOf(IOException.class);
    }

    @Test
    void announces_its_settings_and_answers_pings() throws Exception {
        try (SSLSocket socket = connect("TLSv1.3")) {
            begin(socket);
            socket.getOutputStream().write(frame(PING, 0, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
            ByteBuffer settings = next(socket.getInputStream(), SETTINGS, 0);
            boolean streams = false;
            boolean headers = false;
            boolean frames = false;
            while (settings.remaining() >= 6) {
                int id = settings.getShort();
                int value = settings.getInt();
                streams |= id == 3 && value == 200;
                frames |= id == 5 && value == 65_536;
                headers |= id == 6 && value == 16_384;
                assertThat(id).as("ENABLE_PUSH is for clients").isNotEqualTo(2);
            }
            assertThat(streams && headers && frames).isTrue();
            assertThat(next(socket.getInputStream(), PING, 1).getLong()).isEqualTo(0x0102030405060708L);
        }
    }

    @Test
    void calms_a_flood_of_pings() throws Exception {
        try (SSLSocket socket = connect("TLSv1.3")) {
            begin(socket);
            ByteArrayOutputStream pings = new ByteArrayOutputStream();
            for (int i = 0; i < 500; i++) {
                pings.writeBytes(frame(PING, 0, new byte[8]));
            }
            // At once: a gateway that is calmed before the last of them would answer it with a reset of the connection.
            socket.getOutputStream().write(pings.toByteArray());
            ByteBuffer last = next(socket.getInputStream(), GOAWAY, 0);
            last.getInt();
            assertThat(last.getInt()).as("ENHANCE_YOUR_CALM").isEqualTo(0xb);
        }
    }

    @Test
    void a_session_cannot_be_resumed_after_its_root_is_gone() throws Exception {
        cannotBeResumedUnder(TrustBundles.EMPTY, "unknown-trust-domain");
    }

    @Test
    void a_session_cannot_be_resumed_after_its_certificate_was_taken_back() throws Exception {
        cannotBeResumedUnder(world.without(client.leaf()), "revoked");
    }

    private void cannotBeResumedUnder(TrustBundles bundles, String reason) throws Exception {
        try (SSLSocket first = connect("TLSv1.3")) {
            begin(first);
            next(first.getInputStream(), SETTINGS, 0);
        }
        gateway.credentials().set(bundles);
        assertThatThrownBy(() -> {
                    try (SSLSocket second = connect("TLSv1.3")) {
                        begin(second);
                        next(second.getInputStream(), SETTINGS, 0);
                    }
                })
                .isInstanceOf(IOException.class);
        await().untilAsserted(() -> assertThat(world.west.count("gateway.handshakes.failed", "reason", reason))
                .isEqualTo(1));
    }

    private static void begin(SSLSocket socket) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(PREFACE);
        out.write(frame(SETTINGS, 0, new byte[0]));
    }

    private static byte[] frame(int type, int flags, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) 0)
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(0)
                .put(payload)
                .array();
    }

    /** The payload of the next frame of that type and flags; others are skipped. */
    private static ByteBuffer next(InputStream in, int type, int flags) throws IOException {
        while (true) {
            byte[] head = in.readNBytes(9);
            if (head.length < 9) {
                throw new IOException("frame: end of stream (expected: type " + type + ")");
            }
            int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
            ByteBuffer payload = ByteBuffer.wrap(in.readNBytes(length));
            if (head[3] == type && head[4] == flags) {
                return payload;
            }
        }
    }
}
