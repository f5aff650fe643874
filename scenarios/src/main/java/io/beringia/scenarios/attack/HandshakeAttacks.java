package io.beringia.scenarios.attack;

import io.beringia.scenarios.attack.Attack.Siege;
import io.beringia.scenarios.connect.Frame;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Connections that cost a handshake, or whose end is meant to be forgotten. */
final class HandshakeAttacks {
    private static final Duration WINDOW = Duration.ofSeconds(5);
    /** Half of the new tunnels that one peer may have in a second, by one attacker. */
    private static final Duration TUNNEL_EVERY = Duration.ofMillis(4);

    private static final int AT_ONCE = 5_000;
    private static final int AT_ONCE_BY = 8;
    private static final int STREAM_MAX = Integer.MAX_VALUE - 2;
    private static final int CANCEL = 0x8;

    private HandshakeAttacks() {}

    static List<Attack> all() {
        return List.of(
                storm("handshakes one after the other", ClientCertificate.VALID),
                storm("handshakes without a certificate", ClientCertificate.NONE),
                storm("handshakes with 100 certificates", ClientCertificate.LONG),
                atOnce("5,000 handshakes at once", ClientCertificate.VALID),
                atOnce("5,000 handshakes at once without a certificate", ClientCertificate.NONE),
                Siege.paced("A11", "half-close, then RST", HandshakeAttacks::halfClosed)
                        .lasting(WINDOW),
                Siege.paced("A11", "a pod that half-closes, then resets", HandshakeAttacks::resetByPod)
                        .by(1)
                        .lasting(WINDOW));
    }

    /** What an attacker shows of itself. */
    private enum ClientCertificate {
        VALID,
        NONE,
        LONG
    }

    private static Site showing(ClientCertificate shown, Site site) {
        return switch (shown) {
            case VALID -> site;
            case NONE -> site.as(site.identity().withoutCertificate());
            case LONG -> site.as(site.identity().withChainOf(100));
        };
    }

    /** As fast as the attackers can; the figure is that of one handshake. */
    private static Siege storm(String name, ClientCertificate shown) {
        return Siege.paced("A10", name, who -> {
                    Site site = showing(shown, who.site());
                    who.getReady();
                    while (who.goesOn()) {
                        who.shakeHands(site);
                    }
                })
                .lasting(WINDOW);
    }

    /** As many clients as come back when a whole region was away; the figure is that of one handshake, too. */
    private static Siege atOnce(String name, ClientCertificate shown) {
        return Siege.paced("A10", name, who -> {
                    Site site = showing(shown, who.site());
                    who.getReady();
                    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                        for (int i = 0; i < AT_ONCE / AT_ONCE_BY; i++) {
                            clients.execute(() -> {
                                if (who.goesOn()) {
                                    who.shakeHands(site);
                                }
                            });
                        }
                    }
                })
                .by(AT_ONCE_BY)
                .lasting(WINDOW);
    }

    private static void halfClosed(Attacker who) throws IOException, InterruptedException {
        who.getReady();
        while (who.goesOn()) {
            try (Socket wire = new Socket()) {
                wire.connect(who.site().gateway());
                who.connected();
                wire.shutdownOutput();
                wire.setSoLinger(true, 0);
            }
        }
    }

    /** CVE-2026-42577: sockets to pods are those that allow a half-closure. */
    private static void resetByPod(Attacker who) throws IOException, InterruptedException {
        Line line = who.greet();
        for (int stream = 1; who.goesOn() && stream < STREAM_MAX; stream += 2) {
            line.send(line.connect(stream));
            line.send(new Frame(Frame.DATA, 0, stream, new byte[] {Echo.END_AND_RESET}));
            who.connected();
            who.pause(TUNNEL_EVERY);
            line.send(Frame.resetStream(stream, CANCEL));
        }
    }
}
