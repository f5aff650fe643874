package io.beringia.gateway.observe;

import io.beringia.discovery.catalog.GatewayAddress;
import io.beringia.gateway.http2.HboneConnection;
import io.beringia.gateway.http2.HboneStream;
import io.beringia.gateway.outbound.Attempt;
import io.beringia.gateway.outbound.DialFailure;
import io.beringia.gateway.outbound.InnerTunnel;
import io.beringia.gateway.outbound.Leg;
import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.routing.Carried;
import io.beringia.gateway.time.AwakeClock;
import io.beringia.gateway.tls.TlsContexts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The whole way: a CONNECT through the gateway, an inner HBONE in its stream, and an echo by the probe service of the
 * other network, whose identity is proved once more. As clients go, and on no other stream than theirs would.
 *
 * <p>If the gateway says no, that is a word of the gateway: the path lives, and the next question tries again. Lives on
 * the event loop of its connection.
 */
final class EchoQuestion implements Question {
    private static final String OK = "200";

    private final ProbeLines lines;
    private final TlsContexts contexts;
    private final AwakeClock clock;
    private final GatewayAddress gateway;
    private final ProbeTarget target;
    private final HboneConnection connection;
    private final Answers answers;
    private final EchoTalk talk;
    private Stage stage = new Stage.Idle();
    private Optional<InnerTunnel> inner = Optional.empty();
    private int owed;

    /** How far the tunnel came. */
    private sealed interface Stage {
        record Idle() implements Stage {}

        /** The gateway was asked. */
        record Outer(HboneStream stream) implements Stage {}

        /** The gateway has said 200. */
        record Inner() implements Stage {}

        record Open(RelayEnd end) implements Stage {}
    }

    /** @param words times 16 bytes are echoed before one question is answered */
    EchoQuestion(
            ProbeLines lines,
            TlsContexts contexts,
            AwakeClock clock,
            GatewayAddress gateway,
            ProbeTarget target,
            int words,
            HboneConnection connection,
            Answers answers) {
        this.lines = lines;
        this.contexts = contexts;
        this.clock = clock;
        this.gateway = gateway;
        this.target = target;
        this.connection = connection;
        this.answers = answers;
        this.talk = new EchoTalk(words, lines.random());
    }

    @Override
    public boolean ask() {
        if (owed >= OWED_MAX) {
            return false;
        }
        owed++;
        switch (stage) {
            case Stage.Idle _ -> connect();
            case Stage.Outer _, Stage.Inner _ -> {}
            case Stage.Open open -> send(open.end());
        }
        return true;
    }

    @Override
    public ProbeHop hop() {
        return switch (stage) {
            case Stage.Idle _, Stage.Outer _ -> ProbeHop.BORDER;
            case Stage.Inner _ -> ProbeHop.INNER_TLS;
            case Stage.Open _ -> ProbeHop.APPLICATION;
        };
    }

    private void connect() {
        Leg leg = Leg.of(lines.self(), lines.identity().get(), target.authority(), Carried.NOTHING, lines.random());
        Optional<HboneStream> stream = connection.open(leg.toward(gateway), new Outer());
        stage = stream.<Stage>map(Stage.Outer::new).orElseGet(Stage.Idle::new);
    }

    /** The answer of the gateway. */
    private final class Outer implements HboneStream.Head {
        @Override
        public void onHeaders(Http2Headers headers, boolean ended) {
            if (!(stage instanceof Stage.Outer outer)) {
                return;
            }
            String status = String.valueOf(headers.status());
            if (status.equals(OK)) {
                inside(outer.stream());
            } else {
                outer.stream().reset(Reset.CANCEL);
                answered(ProbeHop.BORDER, "status-" + shown(status));
            }
        }

        @Override
        public void onLost(Reset why) {
            fault(ProbeHop.BORDER, "reset");
        }
    }

    private void inside(HboneStream outer) {
        stage = new Stage.Inner();
        Http2Headers connect = new DefaultHttp2Headers()
                .method("CONNECT")
                .authority(target.authority().toString());
        inner = Optional.of(InnerTunnel.open(
                connection.eventLoop(),
                outer,
                (InetSocketAddress) connection.channel().localAddress(),
                contexts,
                target.identities(),
                connect,
                clock,
                new Inner()));
    }

    /** The answer of the probe service. */
    private final class Inner implements Attempt.Outcome {
        @Override
        public void onConnected(RelayEnd end, InetSocketAddress local) {
            stage = new Stage.Open(end);
            talk.restart();
            end.start(new Echoes(end));
            if (stage instanceof Stage.Open) {
                send(end);
            }
        }

        @Override
        public void onFailed(DialFailure why) {
            switch (why) {
                case DialFailure.TlsFailed failed -> fault(ProbeHop.INNER_TLS, failed.word());
                case DialFailure.Answered status ->
                    answered(ProbeHop.APPLICATION, "status-" + shown(Integer.toString(status.status())));
                case DialFailure.TimedOut _,
                        DialFailure.Refused _,
                        DialFailure.Lost _,
                        DialFailure.Dropped _,
                        DialFailure.Full _,
                        DialFailure.TooLong _,
                        DialFailure.Exhausted _ -> fault(hop(), why.word());
            }
        }
    }

    /** Statuses are metric tags, so a peer must not invent many. */
    private static String shown(String status) {
        return switch (status) {
            case "400", "401", "403", "404", "503", "504" -> status;
            default -> "other";
        };
    }

    private void send(RelayEnd end) {
        end.write(Unpooled.wrappedBuffer(talk.ask(clock.getAsLong())));
        end.flush();
    }

    /** What the probe service says. */
    private final class Echoes implements RelayEnd.Events {
        private final RelayEnd end;

        private Echoes(RelayEnd end) {
            this.end = end;
        }

        @Override
        public void onBytes(ByteBuf bytes) {
            byte[] heard = new byte[bytes.readableBytes()];
            bytes.readBytes(heard).release();
            end.credit(heard.length);
            switch (talk.hear(heard, clock.getAsLong())) {
                case EchoTalk.Heard.Nothing _ -> {}
                case EchoTalk.Heard.Answer answer -> {
                    owed = talk.owed();
                    judge(answer);
                }
                case EchoTalk.Heard.Wrong wrong -> {
                    fault(ProbeHop.APPLICATION, wrong.word());
                }
            }
        }

        private void judge(EchoTalk.Heard.Answer answer) {
            if (target.clusters().stream().anyMatch(cluster -> cluster.name().equals(answer.cluster()))) {
                answers.onAnswer(answer.roundTripNanos(), true);
            } else {
                answers.onFault(ProbeHop.APPLICATION, "wrong-cluster");
            }
        }

        @Override
        public void onReadComplete() {}

        @Override
        public void onFinished() {
            fault(ProbeHop.APPLICATION, "closed");
        }

        @Override
        public void onReset(Reset why) {
            fault(ProbeHop.APPLICATION, "reset");
        }
    }

    @Override
    public void close() {
        stage = new Stage.Idle();
        inner.ifPresent(InnerTunnel::cancel);
        inner = Optional.empty();
    }

    /** Somebody whose identity was proved has said no. */
    private void answered(ProbeHop hop, String word) {
        close();
        owed = 0;
        answers.onFault(hop, word);
        answers.onAnswer(1, false);
    }

    /** Silence goes on; what is owed stays owed. */
    private void fault(ProbeHop hop, String word) {
        if (!(stage instanceof Stage.Idle)) {
            close();
            answers.onFault(hop, word);
        }
    }
}
