package io.beringia.gateway;

import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.tls.HandshakeVerdict;
import io.beringia.gateway.tls.TlsContexts;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.X509Svid;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import java.util.List;
import java.util.function.Predicate;

/**
 * Who we are, and whether those whom we talk to still are who they were. A new key replaces the contexts whole; new
 * bundles are read by the next handshake, and every open connection is judged again. Any thread.
 */
final class GatewayIdentity {
    private final Credentials credentials;
    private final HandshakeVerdict verdict;
    private final List<ChannelGroup> connections;
    private final GatewayTelemetry telemetry;
    private volatile Shown shown;

    /** Our newest SVID with its contexts. */
    private record Shown(X509Svid svid, TlsContexts contexts) {}

    GatewayIdentity(
            Credentials credentials,
            HandshakeVerdict verdict,
            List<ChannelGroup> connections,
            GatewayTelemetry telemetry) {
        this.credentials = credentials;
        this.verdict = verdict;
        this.connections = connections;
        this.telemetry = telemetry;
        this.shown = shown(credentials.svid());
    }

    private Shown shown(X509Svid svid) {
        return new Shown(svid, TlsContexts.of(svid, verdict));
    }

    SpiffeId id() {
        return shown.svid().id();
    }

    TlsContexts contexts() {
        return shown.contexts();
    }

    /**
     * Takes the credentials as they are now, and then asks for what the new identity means. On one event loop for all
     * changes, so that a later one is never overtaken.
     */
    void renewOn(EventLoop keeper, Runnable renewed) {
        keeper.execute(() -> renew(renewed));
    }

    private void renew(Runnable renewed) {
        X509Svid svid = credentials.svid();
        if (!svid.equals(shown.svid())) {
            shown = shown(svid);
            renewed.run();
        }
        judgeAgain(_ -> true);
    }

    /** Ends the connections whose certificates have ended. */
    void endExpired() {
        judgeAgain(verdict::isExpired);
    }

    private void judgeAgain(Predicate<Channel> those) {
        connections.stream()
                .flatMap(ChannelGroup::stream)
                .filter(those)
                .forEach(channel -> channel.eventLoop().execute(() -> judgeAgain(channel)));
    }

    private void judgeAgain(Channel channel) {
        verdict.rejectsNow(channel).ifPresent(refused -> {
            telemetry.peerRejected(refused.reason(), refused.detail());
            HboneConnection.cutOff(channel);
        });
    }
}
