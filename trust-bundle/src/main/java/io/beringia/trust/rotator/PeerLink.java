package io.beringia.trust.rotator;

import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.HttpsQuestion;
import io.beringia.trust.identity.PeerVerdict;
import io.beringia.trust.identity.PeerVerifier.PeerRole;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * The way to the trust role of another cluster: mutual TLS to exactly its identity, with a certificate of exactly its
 * cluster. Any thread. Each call has a handshake of its own, so nobody speaks for a root that was withdrawn since.
 */
record PeerLink(RotationConfig.Peer peer, HttpTls tls) {
    static final String PATH = "/v1/rotation/peer";

    /** A turn of its loop takes ten at most. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** Twenty thousand data planes. */
    static final int REPLY_BYTES_MAX = 16 * 1024 * 1024;

    String cluster() {
        return peer.cluster();
    }

    /** Throws {@link IOException} where nobody answers in time, or not who should, or nothing that can be read. */
    PeerReply ask(PeerCall call) throws IOException, InterruptedException {
        URI uri = URI.create("https://" + host() + ":" + peer.address().getPort() + PATH);
        HttpResponse<byte[]> response = new HttpsQuestion(tls.client(peer.id()::equals), REPLY_BYTES_MAX, PATIENCE)
                .ask(HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(PeerJson.write(call)))
                        .build());
        String proved = response.sslSession()
                .flatMap(session -> tls.peer(session, PeerRole.SERVER))
                .flatMap(PeerVerdict.Verified::cluster)
                .orElse("none");
        if (!proved.equals(peer.cluster())) {
            throw new IOException(uri + ": of cluster " + proved + " (expected: " + peer.cluster() + ")");
        }
        PeerReply reply = read(response.body());
        if (reply instanceof PeerReply.Agreed(PeerReport report)
                && !report.cluster().equals(proved)) {
            throw new IOException(uri + ": reports of " + report.cluster() + " (expected: of itself)");
        }
        return reply;
    }

    private String host() {
        InetAddress address = peer.address().getAddress();
        return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }

    private static PeerReply read(byte[] body) throws IOException {
        try {
            return PeerJson.reply(body);
        } catch (IllegalArgumentException wrong) {
            throw new IOException("answer: " + wrong.getMessage(), wrong);
        }
    }
}
