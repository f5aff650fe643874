package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.PathRules;
import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.outbound.KernelSample;
import io.beringia.gateway.outbound.NoDescriptorException;
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
 * One outer connection to a gateway on which it, or who stands behind it, is asked, and nothing is carried. Only an answer of exactly the identity
 * that is expected there is a success; somebody else's is silence. Lives on its event loop, but for
 * what {@link ProbeLine} promises to every thread.
 */
final class ProbeConnection implements ProbeLine, Question.Answers {
    /** Data that is on its way is no silence: shorter than that after which a path is suspected. */
    private static final long QUIET_NANOS =
            PathRules.PROBE_INTERVAL.multipliedBy(2).toNanos();

    private final ProbeLines lines;
    private final EventLoop loop;
    private final Look look;
    private final long number;
    private final Use use;
    private final Consumer<Sighting> sightings;
    private final TlsContexts contexts;
    private final AwakeClock clock;
    private Optional<Open> open = Optional.empty();
    private Optional<Channel> channel = Optional.empty();
    private boolean connected;
    private boolean closing;
    /** Something was asked that was not answered, nor given up. */
    private boolean waiting;

    private volatile boolean over;
    private volatile boolean proven;
    /** The peer said goodbye: another connection has to take over. */
    private volatile boolean leaving;

    /** What stands once its handshake is over. */
    private record Open(HboneConnection connection, Question question) {}

    /** How long it lives. */
    sealed interface Use {
        /** As long as it is answered on. */
        record Warm() implements Use {}

        /** Until its first answer, 3 s at most; {@code words} times 16 bytes are echoed for it. */
        record Fresh(int words) implements Use {}

        default boolean isLarge() {
            return words() == ProbePlan.Probe.Cold.LARGE;
        }

        default int words() {
            return switch (this) {
                case Warm _ -> 1;
                case Fresh fresh -> fresh.words();
            };
        }
    }

    ProbeConnection(ProbeLines lines, Look look, long number, Use use, Consumer<Sighting> sightings) {
        this.lines = lines;
        this.loop = lines.loops().next();
        this.look = look;
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
        Set<SpiffeId> expected = Set.of(look.gateway().identity());
        ChannelFuture connect = lines.sockets()
                .toGateway(
                        loop,
                        clock,
                        look.gateway().address(),
                        made -> contexts.connect(made, expected, clock, this::onHandshake));
        if (connect.cause() instanceof NoDescriptorException) {
            failed("exhausted");
            return;
        }
        Channel made = connect.channel();
        channel = Optional.of(made);
        lines.connections().add(made);
        connect.addListener(_ -> onConnect(connect));
        made.closeFuture().addListener(_ -> onClosed());
        if (use instanceof Use.Fresh) {
            AwakeTimer.start(loop, clock, ProbePlan.COLD_TIMEOUT, this::giveUp);
        }
    }

    @Override
    public boolean isCurrent(TlsContexts current, Look wanted) {
        return !leaving && contexts == current && look.beyond().equals(wanted.beyond());
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public boolean isProven() {
        return proven;
    }

    /** Nothing before its handshake is over. Owed too many answers, it ends. */
    @Override
    public void ask() {
        loop.execute(() -> {
            channel.ifPresent(this::lookForAcknowledgements);
            open.ifPresent(this::ask);
        });
    }

    /** Before anything is added: whether all that was said so far has arrived, and has been left unanswered for a while. */
    private void lookForAcknowledgements(Channel made) {
        if (connected && !closing && (waiting || open.isEmpty())) {
            KernelSample.of(made)
                    .filter(sample -> sample.isUnanswered(QUIET_NANOS))
                    .ifPresent(_ -> report(new Sighting.Seen.Acknowledged()));
        }
    }

    @Override
    public void close() {
        loop.execute(this::end);
    }

    private void ask(Open standing) {
        leaving = standing.connection().isGoneAway();
        waiting = true;
        if (!standing.question().ask()) {
            giveUp();
        }
    }

    private void giveUp() {
        if (!closing) {
            fault(hop(), "timeout");
            if (isLarge() && connected) {
                report(new Sighting.Seen.Large(false));
            }
            end();
        }
    }

    private ProbeHop hop() {
        return open.map(standing -> standing.question().hop()).orElse(connected ? ProbeHop.OUTER_TLS : ProbeHop.TCP);
    }

    private void onConnect(ChannelFuture connect) {
        Throwable cause = connect.cause();
        connected = cause == null;
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
            case HandshakeResult.Trusted trusted -> {
                report(new Sighting.Seen.Proven(lines.left(trusted.peer().notAfter())));
                HboneConnection connection = HboneConnection.dial(made, clock);
                Open standing = new Open(connection, question(connection));
                open = Optional.of(standing);
                ask(standing);
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

    private Question question(HboneConnection connection) {
        return look.beyond()
                .<Question>map(target ->
                        new EchoQuestion(lines, contexts, clock, look.gateway(), target, use.words(), connection, this))
                .orElseGet(() -> new Question.Ping(connection, this));
    }

    @Override
    public void onAnswer(long roundTripNanos, boolean measured) {
        proven = true;
        waiting = false;
        report(new Sighting.Seen.Answered(roundTripNanos, measured));
        if (isLarge() && measured) {
            report(new Sighting.Seen.Large(true));
        }
        if (use instanceof Use.Fresh) {
            end();
        }
    }

    /** The gateway itself is asked with a PING, which is never large. */
    private boolean isLarge() {
        return use.isLarge() && look.beyond().isPresent();
    }

    @Override
    public void onFault(ProbeHop hop, String word) {
        waiting = false;
        if (!closing) {
            fault(hop, word);
        }
    }

    private void fault(ProbeHop hop, String word) {
        lines.telemetry().probeFailed(look.gateway().region(), hop.word(), word);
    }

    /** A peer that said goodbye has refused nothing. */
    private void onClosed() {
        over = true;
        if (!closing && open.isPresent()) {
            if (open.get().connection().isGoneAway()) {
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
        fault(hop(), word);
    }

    private void end() {
        closing = true;
        over = true;
        open.ifPresent(standing -> standing.question().close());
        open.map(Open::connection).ifPresentOrElse(HboneConnection::close, () -> channel.ifPresent(Channel::close));
    }

    private void report(Sighting.Seen seen) {
        sightings.accept(new Sighting(Sighting.Path.to(look.gateway()), seen));
    }
}
