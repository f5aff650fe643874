package io.beringia.scenarios.bench;

import io.beringia.gateway.relay.Reset;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Processor seconds for a gigabyte, one way. The backend says what it got, the client counts what it got. */
record Throughput(Client client, Suite suite, Way way, int tunnels, long bytes) implements Measure {
    private static final double GIGABYTE = 1e9;

    enum Way {
        UP,
        DOWN
    }

    @Override
    public String name() {
        return "throughput-" + way.name().toLowerCase(Locale.ROOT) + "-" + tunnels + "-" + suite.word();
    }

    @Override
    public boolean fits(Peer peer, Door door) {
        return true;
    }

    @Override
    public Map<Figure, Double> take(Running proxy) throws IOException, InterruptedException {
        try (Client.Tunnels open = Measure.await(client.open(proxy.door(), 1, tunnels))) {
            double before = proxy.cpuSeconds();
            Measure.await(transfer(open));
            double spent = proxy.cpuSeconds() - before;
            return Map.of(new Figure(name(), "CPU s/GB", Figure.Better.LESS), spent / bytes * GIGABYTE);
        }
    }

    CompletableFuture<Void> transfer(Client.Tunnels open) {
        long each = bytes / tunnels;
        List<CompletableFuture<Void>> ends =
                open.all().stream().map(tunnel -> begin(tunnel, each)).toList();
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> begin(Tunnel tunnel, long each) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        client.loop().execute(() -> {
            switch (way) {
                case UP -> {
                    tunnel.receive(new Receipt(each, end));
                    tunnel.write(new Order(Order.Kind.TAKE, each).encoded());
                    Flood.begin(tunnel, each);
                }
                case DOWN -> {
                    tunnel.receive(new Taking(each, end));
                    tunnel.write(new Order(Order.Kind.GIVE, each).encoded());
                    tunnel.flush();
                }
            }
        });
        return end;
    }

    /** Fails when the tunnel ends too early. */
    private abstract static class Expecting implements Tunnel.Receiver {
        final CompletableFuture<Void> end;

        private Expecting(CompletableFuture<Void> end) {
            this.end = end;
        }

        @Override
        public void onFinished(Tunnel from) {
            end.completeExceptionally(new IOException("tunnel: ended early (expected: all bytes)"));
        }

        @Override
        public void onReset(Tunnel from, Reset why) {
            end.completeExceptionally(new IOException("tunnel: " + why.word() + " (expected: all bytes)"));
        }
    }

    /** What the backend says that it got. */
    private static final class Receipt extends Expecting {
        private final long expected;
        private long said;
        private int bytes;

        private Receipt(long expected, CompletableFuture<Void> end) {
            super(end);
            this.expected = expected;
        }

        @Override
        public void onBytes(Tunnel from, ByteBuf buffer) {
            while (buffer.isReadable()) {
                said = said << Byte.SIZE | buffer.readUnsignedByte();
                bytes++;
            }
            if (bytes == Long.BYTES && said == expected) {
                end.complete(null);
            } else if (bytes >= Long.BYTES) {
                end.completeExceptionally(
                        new IOException("backend: got " + said + " bytes (expected: " + expected + ")"));
            }
        }
    }

    /** What we get ourselves. */
    private static final class Taking extends Expecting {
        private final long expected;
        private long taken;

        private Taking(long expected, CompletableFuture<Void> end) {
            super(end);
            this.expected = expected;
        }

        @Override
        public void onBytes(Tunnel from, ByteBuf buffer) {
            taken += buffer.readableBytes();
            if (taken == expected) {
                end.complete(null);
            } else if (taken > expected) {
                end.completeExceptionally(
                        new IOException("client: got " + taken + " bytes (expected: " + expected + ")"));
            }
        }
    }
}
