package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.time.AwakeClock;
import io.beringia.gateway.time.AwakeTimer;
import io.beringia.gateway.tls.HandshakeResult;
import io.beringia.gateway.tls.TlsContexts;
import io.beringia.trust.identity.SpiffeId;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.net.ConnectException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One outer connection to a gateway on which it is asked and nothing is carried. Only an answer of exactly the identity
 * that is expected there is a success; somebody else's is silence. Lives on its event loop; {@link #ask},
 * {@link #close} and {@link #isUsable} from any thread.
 */
final class ProbeConnection {
    private final ProbeLines lines;
    private final EventLoop loop;
    private final GatewayAddress gateway;
    private final long number;
    private final Use use;
    private final Consumer<Sighting> sightings;
    private final TlsContexts contexts;
    private final AwakeClock clock;
    private Optional<HboneConnection> open = Optional.empty();
    private Optional<Channel> channel = Optional.empty();
    private boolean closing;
    private volatile boolean over;

    /** How long it lives. */
    enum Use {
        /** As long as it is answered on. */
        WARM,
        /** Until its first answer, 3 s at most. */
        FRESH
    }

    ProbeConnection(ProbeLines lines, GatewayAddress gateway, long number, Use use, Consumer<Sighting> sightings) {
        this.lines = lines;
        this.loop = lines.loops().next();
        this.gateway = gateway;
        this.number = number;
        this.use = use;
        this.sightings = sightings;
        this.contexts = lines.contexts().get();
        this.clock = lines.clocks().of(loop);
    }

    void begin() {
        loop.execute(this::connect);
    }

    private void connect() {
        Set<SpiffeId> expected = Set.of(gateway.identity());
        ChannelFuture connect = lines.sockets()
                .toGateway(loop, gateway.address(), made -> contexts.connect(made, expected, this::onHandshake));
        Channel made = connect.channel();
        channel = Optional.of(made);
        lines.connections().add(made);
        connect.addListener(_ -> onConnect(connect));
        made.closeFuture().addListener(_ -> onClosed());
        if (use == Use.FRESH) {
            AwakeTimer.start(loop, clock, ProbePlan.COLD_TIMEOUT, this::giveUp);
        }
    }

    /** Whether it may be asked again, by somebody with these contexts. */
    boolean isUsable(TlsContexts current) {
        return !over && contexts == current;
    }

    /** Asks once more; nothing before its handshake is over. Owed too many answers, it ends. */
    void ask() {
        loop.execute(() -> open.ifPresent(this::ask));
    }

    void close() {
        loop.execute(this::end);
    }

    private void ask(HboneConnection connection) {
        if (!connection.ping(this::onAnswer)) {
            giveUp();
        }
    }

    private void giveUp() {
        if (!closing) {
            lines.telemetry().probeFailed("timeout");
            end();
        }
    }

    private void onConnect(ChannelFuture connect) {
        Throwable cause = connect.cause();
        if (cause == null || closing) {
            return;
        }
        if (cause instanceof ConnectException && !(cause instanceof ConnectTimeoutException)) {
            refused("refused");
        } else {
            failed(cause instanceof ConnectTimeoutException ? "timeout" : "unreachable");
        }
    }

    private void onHandshake(Channel made, HandshakeResult result) {
        switch (result) {
            case HandshakeResult.Trusted _ -> {
                HboneConnection connection = HboneConnection.dial(made, clock);
                open = Optional.of(connection);
                ask(connection);
            }
            case HandshakeResult.Failed failed -> {
                if (!closing && failed.word().equals(HandshakeResult.Failed.CLOSED)) {
                    refused("reset");
                } else if (!closing) {
                    failed(failed.word());
                }
            }
        }
    }

    private void onAnswer(long roundTripNanos) {
        report(new Sighting.Seen.Answered(Math.max(1, roundTripNanos), true));
        if (use == Use.FRESH) {
            end();
        }
    }

    /** A peer that said goodbye has refused nothing. */
    private void onClosed() {
        over = true;
        if (!closing && open.isPresent()) {
            if (open.get().isGoneAway()) {
                failed("goaway");
            } else {
                refused("reset");
            }
        }
    }

    private void refused(String word) {
        failed(word);
        report(new Sighting.Seen.Refused(number));
    }

    private void failed(String word) {
        closing = true;
        over = true;
        lines.telemetry().probeFailed(word);
    }

    private void end() {
        closing = true;
        over = true;
        open.ifPresentOrElse(HboneConnection::close, () -> channel.ifPresent(Channel::close));
    }

    private void report(Sighting.Seen seen) {
        sightings.accept(new Sighting(Sighting.Path.to(gateway), seen));
    }
}
