package io.beringia.gateway.host;

import io.beringia.discovery.catalog.Destination;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.outbound.Sockets;
import io.beringia.gateway.relay.SocketEnd;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * Where applications of this host ask for connections: SOCKS5, and local addresses that lead to one service each.
 * Immutable once bound; each connection lives on the event loop that accepted it.
 */
final class HostOutbound {
    private final HostWorld world;
    private final Map<EventLoop, HostLoop> loops;

    HostOutbound(HostWorld world, Map<EventLoop, HostLoop> loops) {
        this.world = world;
        this.loops = Map.copyOf(loops);
    }

    /** Binds every configured listener; throws if one address is taken. */
    void bind(EventLoopGroup group, LocalListeners bound) {
        world.config().socks().ifPresent(address -> bound.add(bind(group, address, this::acceptSocks)));
        for (HostConfig.Listener listener : world.config().listeners()) {
            bound.add(bind(group, listener.listen(), channel -> acceptFor(channel, listener.service())));
        }
    }

    private interface Accept {
        void accept(SocketChannel channel);
    }

    private Channel bind(EventLoopGroup group, SocketAddress address, Accept accept) {
        return world.sockets()
                .transport()
                .listener(group)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (world.open().enter()) {
                            accept.accept(channel);
                        } else {
                            channel.close();
                        }
                    }
                })
                .bind(Sockets.inet(address.ip(), address.port()))
                .syncUninterruptibly()
                .channel();
    }

    private void acceptSocks(SocketChannel channel) {
        OpenOnce open = new OpenOnce(world.open());
        channel.closeFuture().addListener(_ -> open.leaveUnlessTaken());
        SocketEnd end = new SocketEnd(channel);
        channel.pipeline()
                .addLast(new SocksHandshake(HostLoop.of(loops, channel).clock(), (destination, answer) -> {
                    open.take();
                    connection(channel, end, destination, answer).begin();
                }));
        channel.pipeline().addLast(end);
        channel.config().setAutoRead(true);
    }

    private void acceptFor(SocketChannel channel, Destination service) {
        OutboundConnection connection =
                connection(channel, SocketEnd.on(channel), service, new OutboundConnection.Answer() {
                    @Override
                    public void onOpen() {}

                    @Override
                    public void onFailed(OutboundFailure why) {
                        channel.config().setOption(ChannelOption.SO_LINGER, 0);
                        channel.close();
                    }
                });
        channel.eventLoop().execute(connection::begin);
    }

    private OutboundConnection connection(
            SocketChannel channel, SocketEnd end, Destination destination, OutboundConnection.Answer answer) {
        HostLoop host = HostLoop.of(loops, channel);
        return new OutboundConnection(world, host, end, address(channel.remoteAddress()), destination, answer);
    }

    static SocketAddress address(InetSocketAddress address) {
        return new SocketAddress(IpAddress.of(address.getAddress().getAddress()), address.getPort());
    }

    /** A SOCKS client that leaves before it asks gives its place back. Lives on the connection's event loop. */
    private static final class OpenOnce {
        private final OpenConnections open;
        private boolean taken;

        private OpenOnce(OpenConnections open) {
            this.open = open;
        }

        private void take() {
            taken = true;
        }

        private void leaveUnlessTaken() {
            if (!taken) {
                open.leave();
            }
        }
    }
}
