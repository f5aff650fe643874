package io.beringia.gateway.outbound;

import io.beringia.gateway.http2.HboneStream;
import io.beringia.gateway.relay.Reset;
import io.beringia.gateway.routing.ConnectHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import java.util.Optional;

/** One CONNECT to another gateway, until its answer. Lives on the loop of its tunnel. */
final class PeerDial implements Attempt, HboneStream.Head {
    private static final String OK = "200";

    private final PeerTunnel tunnel;
    private final Http2Headers headers;
    private final Outcome outcome;
    private Optional<HboneStream> stream = Optional.empty();
    private long askedNanos;
    private boolean over;

    /** @param nowNanos awake time of its loop */
    PeerDial(PeerTunnel tunnel, Http2Headers headers, Outcome outcome, long nowNanos) {
        this.tunnel = tunnel;
        this.headers = headers;
        this.outcome = outcome;
        this.askedNanos = nowNanos;
    }

    Http2Headers headers() {
        return headers;
    }

    void onOpened(HboneStream opened) {
        stream = Optional.of(opened);
        askedNanos = opened.openedNanos();
        if (over) {
            opened.reset(Reset.CANCEL);
        } else {
            outcome.onAsked();
        }
    }

    void onFailed(DialFailure why) {
        if (!over) {
            over = true;
            outcome.onFailed(why);
        }
    }

    @Override
    public void onHeaders(Http2Headers answer, boolean ended) {
        if (over) {
            return;
        }
        String status = String.valueOf(answer.status());
        if (status.equals(OK) && stream.isPresent()) {
            over = true;
            HboneStream open = stream.get();
            outcome.onConnected(
                    open, (InetSocketAddress) open.connection().channel().localAddress());
        } else {
            stream.ifPresent(refused -> refused.reset(Reset.CANCEL));
            CharSequence reason = answer.get(ConnectHeaders.REASON);
            onFailed(new DialFailure.Answered(number(status), reason == null ? "" : reason.toString()));
        }
    }

    static int number(String status) {
        return status.length() == 3 && status.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Integer.parseInt(status)
                : 0;
    }

    @Override
    public void onLost(Reset why) {
        boolean isAlone = stream.filter(it -> it.connection().isOpen()).isPresent();
        onFailed(
                isAlone
                        ? new DialFailure.Dropped("stream: " + why.word())
                        : new DialFailure.Lost("connection: " + why.word()));
    }

    @Override
    public void onLate() {
        if (!over) {
            tunnel.doubt(askedNanos);
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            tunnel.forget(this);
            stream.ifPresent(lost -> lost.reset(Reset.CANCEL));
        }
    }
}
