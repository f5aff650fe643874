package io.beringia.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Which versions of TLS a server speaks. */
public final class SpokenTls {
    private static final int TIMEOUT_MILLIS = 10_000;

    private SpokenTls() {}

    /** That a port of this machine speaks 1.3 and no older one, to a client that believes it. */
    public static void assertNewestOnly(SSLContext client, int port) throws IOException {
        assertThat(spoken("TLSv1.3", client, port)).isEqualTo("TLSv1.3");
        assertThatThrownBy(() -> spoken("TLSv1.2", client, port))
                .as("TLS 1.2")
                .isInstanceOf(SSLHandshakeException.class);
    }

    private static String spoken(String version, SSLContext client, int port) throws IOException {
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {version});
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }
}
