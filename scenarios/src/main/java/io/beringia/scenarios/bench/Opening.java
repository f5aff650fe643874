package io.beringia.scenarios.bench;

import io.beringia.gateway.relay.RelayEnd;
import io.beringia.gateway.relay.Reset;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** One tunnel from its CONNECT to its end; the backend sends one byte and ends it. Lives on the client's loop. */
final class Opening implements Tunnel.Receiver {
    private final CompletableFuture<Void> end;
    private boolean answered;

    private Opening(CompletableFuture<Void> end) {
        this.end = end;
    }

    /** On a new connection, which ends with it. Any thread. */
    static CompletableFuture<Void> one(Client client, Door door) {
        return client.line(door).thenCompose(line -> {
            CompletableFuture<Void> end = new CompletableFuture<>();
            client.loop()
                    .execute(() -> on(line).whenComplete((done, failed) -> {
                        line.close();
                        if (failed == null) {
                            end.complete(null);
                        } else {
                            end.completeExceptionally(failed);
                        }
                    }));
            return end;
        });
    }

    /** On that line. */
    static CompletableFuture<Void> on(Client.Line line) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        line.open(opened -> new Opening(end).begin(opened), end::completeExceptionally);
        return end;
    }

    private void begin(RelayEnd opened) {
        Tunnel tunnel = Tunnel.start(opened, this);
        tunnel.write(new Order(Order.Kind.END, 1).encoded());
        tunnel.flush();
    }

    @Override
    public void onBytes(Tunnel from, ByteBuf bytes) {
        answered = true;
    }

    @Override
    public void onFinished(Tunnel from) {
        from.finish();
        if (answered) {
            end.complete(null);
        } else {
            end.completeExceptionally(new IOException("tunnel: ended early (expected: one byte)"));
        }
    }

    @Override
    public void onReset(Tunnel from, Reset why) {
        end.completeExceptionally(new IOException("tunnel: " + why.word() + " (expected: one byte)"));
    }
}
