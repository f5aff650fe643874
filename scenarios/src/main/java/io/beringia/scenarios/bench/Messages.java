package io.beringia.scenarios.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Small messages that the backend sends back, one under way on each tunnel, for each second of processor time. */
record Messages(Client client, Suite suite, int tunnels, Duration window) implements Measure {
    static final int MESSAGE_BYTES = 128;
    private static final ByteBuf MESSAGE =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(MESSAGE_BYTES).writeZero(MESSAGE_BYTES));

    @Override
    public String name() {
        return "messages-" + tunnels + "-" + suite.word();
    }

    @Override
    public boolean fits(Peer peer, Door door) {
        return true;
    }

    @Override
    public Map<Figure, Double> take(Running proxy) throws IOException, InterruptedException {
        double before = proxy.cpuSeconds();
        long roundTrips = exchange(proxy.door());
        double spent = proxy.cpuSeconds() - before;
        return Map.of(new Figure(name(), "1/CPU s", Figure.Better.MORE), roundTrips / spent);
    }

    /** Round trips within one window. */
    long exchange(Door door) throws IOException, InterruptedException {
        try (Client.Tunnels open = Measure.await(client.open(door, 1, tunnels))) {
            List<Ball> balls = open.all().stream().map(Ball::new).toList();
            client.loop().execute(() -> balls.forEach(Ball::play));
            TimeUnit.NANOSECONDS.sleep(window.toNanos());
            return Measure.await(CompletableFuture.supplyAsync(
                    () -> balls.stream().mapToLong(Ball::stop).sum(), client.loop()));
        }
    }

    static ByteBuf message() {
        return MESSAGE.slice();
    }

    /** One message that goes to and fro. Lives on the client's loop. */
    private static final class Ball implements Tunnel.Receiver {
        private final Tunnel tunnel;
        private int bytes;
        private long returned;
        private boolean stopped;

        private Ball(Tunnel tunnel) {
            this.tunnel = tunnel;
        }

        private void play() {
            tunnel.receive(this);
            tunnel.write(new Order(Order.Kind.ECHO, 0).encoded());
            tunnel.write(message());
            tunnel.flush();
        }

        private long stop() {
            stopped = true;
            return returned;
        }

        @Override
        public void onBytes(Tunnel from, ByteBuf received) {
            bytes += received.readableBytes();
            if (bytes >= MESSAGE_BYTES) {
                bytes -= MESSAGE_BYTES;
                returned++;
                if (!stopped) {
                    from.write(message());
                }
            }
        }

        @Override
        public void onReadComplete(Tunnel from) {
            from.flush();
        }
    }
}
