package io.beringia.gateway;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.trust.identity.X509Svid;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A raw client of HBONE that does as it is told, over another HTTP/2 stack than the gateway's own (Netty's channel per
 * stream), and believes every server. Blocking; owned by one test.
 */
public final class HboneClient implements AutoCloseable {
    static final long WAIT_SECONDS = 20;

    private final EventLoopGroup group;
    private final Channel channel;
    private final Control control;
    private final Queue<Http2StreamChannel> streams = new ConcurrentLinkedQueue<>();

    private HboneClient(EventLoopGroup group, Channel channel, Control control) {
        this.group = group;
        this.channel = channel;
        this.control = control;
    }

    /** Connects and shakes hands; empty if the handshake or the connection fails. */
    public static HboneClient connect(SocketAddress to, X509Svid svid) throws Exception {
        return connect(to, Optional.of(svid), "h2");
    }

    /** The same, without a certificate or with another protocol. */
    public static HboneClient connect(SocketAddress to, Optional<X509Svid> svid, String alpn) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        SslContextBuilder tls = SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .protocols("TLSv1.3")
                .trustManager(new BelievesAll())
                .endpointIdentificationAlgorithm(null)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        alpn));
        svid.ifPresent(it -> tls.keyManager(it.key(), it.chain().toArray(X509Certificate[]::new)));
        Control control = new Control();
        SslHandler handler = tls.build().newHandler(PooledByteBufAllocator.DEFAULT);
        Channel channel = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel it) {
                        it.pipeline()
                                .addLast(handler)
                                .addLast(Http2FrameCodecBuilder.forClient()
                                        .initialSettings(Http2Settings.defaultSettings()
                                                .pushEnabled(false)
                                                .initialWindowSize(4 * 1024 * 1024))
                                        .validateHeaders(false)
                                        .encoderIgnoreMaxHeaderListSize(true)
                                        .autoAckPingFrame(false)
                                        .encoderEnforceMaxRstFramesPerWindow(0, 0)
                                        .build())
                                .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()))
                                .addLast(control);
                    }
                })
                .connect(to.ip().toString(), to.port())
                .sync()
                .channel();
        HboneClient client = new HboneClient(group, channel, control);
        if (!handler.handshakeFuture().await(WAIT_SECONDS, TimeUnit.SECONDS)
                || !handler.handshakeFuture().isSuccess()) {
            client.close();
            throw new IllegalStateException(
                    "handshake: failed", handler.handshakeFuture().cause());
        }
        return client;
    }

    /** Sends a CONNECT with these headers beside {@code :method} and {@code :authority}. */
    public Tunnel open(String authority, Map<String, String> headers) throws Exception {
        Http2Headers connect = new DefaultHttp2Headers(false).method("CONNECT").authority(authority);
        headers.forEach(connect::set);
        return open(connect, false);
    }

    public Tunnel open(String authority) throws Exception {
        return open(authority, Map.of());
    }

    public Tunnel open(Http2Headers headers, boolean ended) throws Exception {
        Tunnel tunnel = new Tunnel();
        Http2StreamChannel stream = new Http2StreamChannelBootstrap(channel)
                .handler(tunnel.collector)
                .open()
                .sync()
                .getNow();
        tunnel.stream = Optional.of(stream);
        streams.add(stream);
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, ended));
        return tunnel;
    }

    /** So many by one write: a later one that meets a closed connection would hide the peer's last word. */
    public void flood(String authority, int count) throws Exception {
        Http2Headers connect = new DefaultHttp2Headers(false).method("CONNECT").authority(authority);
        channel.eventLoop()
                .submit(() -> {
                    for (int i = 0; i < count; i++) {
                        begin(new Tunnel(), connect);
                    }
                    channel.flush();
                })
                .sync();
    }

    /** The same, but nothing is sent once the peer has said goodbye. */
    public Optional<Tunnel> openUnlessGoodbye(String authority) throws Exception {
        Tunnel tunnel = new Tunnel();
        Http2Headers connect = new DefaultHttp2Headers(false).method("CONNECT").authority(authority);
        boolean sent = channel.eventLoop()
                .submit(() -> !control.heardGoodbye && channel.isActive() && send(tunnel, connect))
                .get();
        return sent ? Optional.of(tunnel) : Optional.empty();
    }

    /** Says that it takes no more, for that reason. */
    public void goAway(Http2Error why) {
        channel.writeAndFlush(new DefaultHttp2GoAwayFrame(why)).syncUninterruptibly();
    }

    private boolean send(Tunnel tunnel, Http2Headers headers) {
        begin(tunnel, headers).flush();
        return true;
    }

    private Http2StreamChannel begin(Tunnel tunnel, Http2Headers headers) {
        Http2StreamChannel stream = new Http2StreamChannelBootstrap(channel)
                .handler(tunnel.collector)
                .open()
                .getNow();
        tunnel.stream = Optional.of(stream);
        streams.add(stream);
        stream.write(new DefaultHttp2HeadersFrame(headers, false));
        return stream;
    }

    /** Answers no PING until they are released. */
    public void holdPings() throws InterruptedException {
        channel.eventLoop().submit(() -> control.holding = true).sync();
    }

    public void releasePings() throws InterruptedException {
        channel.eventLoop().submit(control::release).sync();
    }

    /** The last stream that the next GOAWAY names. */
    public int nextGoodbye() throws InterruptedException {
        Integer last = control.goodbyes.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (last == null) {
            throw new AssertionError("GOAWAY: none in " + WAIT_SECONDS + " s (expected: one)");
        }
        return last;
    }

    /** The error code of the next GOAWAY. */
    public long nextGoodbyeCode() throws InterruptedException {
        Long code = control.codes.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (code == null) {
            throw new AssertionError("GOAWAY: none in " + WAIT_SECONDS + " s (expected: one)");
        }
        return code;
    }

    /** What is said on the connection itself. Lives on its event loop, but for its queues. */
    private static final class Control extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<Integer> goodbyes = new LinkedBlockingQueue<>();
        private final BlockingQueue<Long> codes = new LinkedBlockingQueue<>();
        private final List<Runnable> held = new ArrayList<>();
        private boolean holding;
        private boolean heardGoodbye;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            try {
                switch (frame) {
                    case Http2PingFrame ping when !ping.ack() -> answer(ctx, ping.content());
                    case Http2GoAwayFrame goodbye -> {
                        heardGoodbye = true;
                        goodbyes.add(goodbye.lastStreamId());
                        codes.add(goodbye.errorCode());
                    }
                    case Object _ -> {}
                }
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }

        private void answer(ChannelHandlerContext ctx, long content) {
            Runnable answer = () -> ctx.writeAndFlush(new DefaultHttp2PingFrame(content, true));
            if (holding) {
                held.add(answer);
            } else {
                answer.run();
            }
        }

        private void release() {
            holding = false;
            held.forEach(Runnable::run);
        }
    }

    /** Waits until the gateway has closed the connection. */
    public boolean isClosedByPeer() throws InterruptedException {
        return channel.closeFuture().await(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        // A stalled stream keeps what it has not read.
        streams.forEach(stream -> stream.close().awaitUninterruptibly());
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** One CONNECT stream. */
    public static final class Tunnel {
        private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        private final Collector collector = new Collector(events);
        private Optional<Http2StreamChannel> stream = Optional.empty();
        private Optional<Http2Headers> answer = Optional.empty();
        private final ByteArrayOutputStream surplus = new ByteArrayOutputStream();

        /** END_STREAM of the peer. */
        record Finished() {}

        /** RST_STREAM of the peer, or -1 where the connection was lost. */
        record WasReset(long code) {}

        private Http2StreamChannel stream() {
            return stream.orElseThrow();
        }

        public Http2Headers answer() throws InterruptedException {
            if (answer.isEmpty()) {
                Object event = next();
                if (!(event instanceof Http2Headers headers)) {
                    throw new AssertionError("answer: " + event + " (expected: headers)");
                }
                answer = Optional.of(headers);
            }
            return answer.orElseThrow();
        }

        public String status() throws InterruptedException {
            return String.valueOf(answer().status());
        }

        /** The status of its answer, or {@code reset}. */
        public String outcome() throws InterruptedException {
            Object event = next();
            if (event instanceof Http2Headers headers) {
                answer = Optional.of(headers);
                return status();
            }
            return "reset";
        }

        private Object next() throws InterruptedException {
            Object event = events.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("event: none in " + WAIT_SECONDS + " s (expected: one)");
            }
            return event;
        }

        public Tunnel write(String text) {
            return write(text.getBytes(StandardCharsets.UTF_8));
        }

        public Tunnel write(byte[] bytes) {
            stream().writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes)));
            return this;
        }

        public ChannelFuture writing(byte[] bytes) {
            return stream().writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes)));
        }

        public Tunnel finish() {
            stream().writeAndFlush(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
            return this;
        }

        public void reset(long code) {
            stream().writeAndFlush(new DefaultHttp2ResetFrame(code));
        }

        public void headers(Http2Headers more, boolean ended) {
            stream().writeAndFlush(new DefaultHttp2HeadersFrame(more, ended));
        }

        /** Stops to give credit, and so to take bytes. */
        public void stall() {
            stream().config().setAutoRead(false);
        }

        public void unstall() {
            stream().config().setAutoRead(true);
        }

        /** Exactly this many bytes. */
        public String read(int count) throws InterruptedException {
            status();
            while (surplus.size() < count) {
                Object event = next();
                if (!(event instanceof byte[] bytes)) {
                    throw new AssertionError("bytes: " + event + " after " + surplus + " (expected: " + count + ")");
                }
                surplus.writeBytes(bytes);
            }
            String all = surplus.toString(StandardCharsets.UTF_8);
            surplus.reset();
            surplus.writeBytes(all.substring(count).getBytes(StandardCharsets.UTF_8));
            return all.substring(0, count);
        }

        /** How many DATA frames had no bytes, and did not end the stream. */
        public int emptyFrames() {
            return collector.empty.get();
        }

        /** All bytes up to END_STREAM; how many. */
        public long drain() throws InterruptedException {
            status();
            long count = surplus.size();
            while (true) {
                switch (next()) {
                    case byte[] bytes -> count += bytes.length;
                    case Finished _ -> {
                        return count;
                    }
                    case Object other ->
                        throw new AssertionError(
                                "stream: " + other + " after " + count + " bytes (expected: END_STREAM)");
                }
            }
        }

        /** The code of the RST_STREAM that ends it; bytes before it are skipped. */
        public long resetCode() throws InterruptedException {
            while (true) {
                Object event = next();
                if (event instanceof WasReset was) {
                    return was.code();
                }
                if (event instanceof Finished) {
                    throw new AssertionError("stream: END_STREAM (expected: RST_STREAM)");
                }
            }
        }
    }

    private static final class Collector extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<Object> events;
        /** DATA without bytes that ended nothing. */
        private final AtomicInteger empty = new AtomicInteger();

        private Collector(BlockingQueue<Object> events) {
            this.events = events;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            try {
                switch (frame) {
                    case Http2HeadersFrame headers -> {
                        events.add(headers.headers());
                        finished(headers.isEndStream());
                    }
                    case Http2DataFrame data -> {
                        byte[] bytes = new byte[data.content().readableBytes()];
                        data.content().readBytes(bytes);
                        if (bytes.length > 0) {
                            events.add(bytes);
                        } else if (!data.isEndStream()) {
                            empty.incrementAndGet();
                        }
                        finished(data.isEndStream());
                    }
                    case Object _ -> {}
                }
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }

        private void finished(boolean ended) {
            if (ended) {
                events.add(new Tunnel.Finished());
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof Http2ResetFrame reset) {
                events.add(new Tunnel.WasReset(reset.errorCode()));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            events.add(new Tunnel.WasReset(-1));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(new Tunnel.WasReset(-1));
        }
    }

    public static final class BelievesAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    static InetSocketAddress inet(SocketAddress address) {
        return new InetSocketAddress(address.ip().toString(), address.port());
    }
}
