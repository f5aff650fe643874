package io.beringia.gateway;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.trust.identity.X509Svid;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.X509Certificate;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A peer, as a rule a gateway of another region, that answers a CONNECT as it is told. Owned by one test. */
public final class FarGateway implements AutoCloseable {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<Long> resets = new LinkedBlockingQueue<>();
    private final Channel listening;

    /** What it says when it was asked. On its event loop. */
    @FunctionalInterface
    public interface Says {
        void to(ChannelHandlerContext stream);
    }

    public FarGateway(SocketAddress at, X509Svid svid, Says says) throws Exception {
        SslContext tls = SslContextBuilder.forServer(svid.key(), svid.chain().toArray(X509Certificate[]::new))
                .sslProvider(SslProvider.OPENSSL)
                .protocols("TLSv1.3")
                .clientAuth(ClientAuth.REQUIRE)
                .trustManager(new HboneClient.BelievesAll())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        "h2"))
                .build();
        listening = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(tls.newHandler(channel.alloc()))
                                .addLast(Http2FrameCodecBuilder.forServer()
                                        .validateHeaders(false)
                                        .build())
                                .addLast(new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline().addLast(new Answering(says));
                                    }
                                }));
                    }
                })
                .bind(at.ip().toString(), at.port())
                .sync()
                .channel();
    }

    /** Says 200, and no more. */
    public static void accept(ChannelHandlerContext stream) {
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")));
    }

    /** It reads no more than that from now on. */
    static void limit(ChannelHandlerContext stream, int headerListBytes) {
        ChannelHandlerContext codec = stream.channel().parent().pipeline().context(Http2FrameCodec.class);
        Http2Settings settings = new Http2Settings().maxHeaderListSize(headerListBytes);
        ((Http2FrameCodec) codec.handler()).encoder().writeSettings(codec, settings, codec.newPromise());
    }

    /** HEADERS that Netty's own encoder would not write. */
    static void writeBare(ChannelHandlerContext stream, Http2Headers headers, boolean ended) {
        Http2StreamChannel channel = (Http2StreamChannel) stream.channel();
        ChannelHandlerContext codec = channel.parent().pipeline().context(Http2FrameCodec.class);
        Http2FrameWriter writer = ((Http2FrameCodec) codec.handler()).encoder().frameWriter();
        writer.writeHeaders(codec, channel.stream().id(), headers, 0, ended, codec.newPromise());
        codec.flush();
    }

    /** The code of the next reset of one of its streams. */
    public long nextReset() throws InterruptedException {
        Long code = resets.poll(HboneClient.WAIT_SECONDS, TimeUnit.SECONDS);
        if (code == null) {
            throw new AssertionError("RST_STREAM: none in " + HboneClient.WAIT_SECONDS + " s (expected: one)");
        }
        return code;
    }

    private final class Answering extends ChannelInboundHandlerAdapter {
        private final Says says;

        private Answering(Says says) {
            this.says = says;
        }

        @Override
        public void channelRead(ChannelHandlerContext stream, Object frame) {
            try {
                if (frame instanceof Http2HeadersFrame) {
                    says.to(stream);
                }
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext stream, Object event) {
            if (event instanceof Http2ResetFrame reset) {
                resets.add(reset.errorCode());
            }
        }
    }

    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
