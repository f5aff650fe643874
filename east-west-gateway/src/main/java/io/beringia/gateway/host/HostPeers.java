package io.beringia.gateway.host;

import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.tls.HandshakeVerdict;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.function.Predicate;

/**
 * Every TLS connection of one host proxy, in both directions and inner ones too, so that their peers can be judged again
 * when the accepted roots change or their certificates end. Any thread.
 */
final class HostPeers {
    private final HandshakeVerdict verdict;
    private final HostTelemetry telemetry;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    HostPeers(HandshakeVerdict verdict, HostTelemetry telemetry) {
        this.verdict = verdict;
        this.telemetry = telemetry;
    }

    ChannelGroup connections() {
        return connections;
    }

    void judgeAgain() {
        judge(_ -> true);
    }

    /** Those whose certificate has ended. */
    void judgeExpired() {
        judge(verdict::isExpired);
    }

    private void judge(Predicate<Channel> those) {
        connections.stream()
                .filter(those)
                .forEach(channel -> channel.eventLoop().execute(() -> judge(channel)));
    }

    private void judge(Channel channel) {
        verdict.rejectsNow(channel).ifPresent(refused -> {
            telemetry.peerRejected(refused.reason(), refused.detail());
            HboneConnection.cutOff(channel);
        });
    }
}
