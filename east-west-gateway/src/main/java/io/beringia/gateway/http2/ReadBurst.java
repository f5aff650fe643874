package io.beringia.gateway.http2;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** What was read from the socket: which streams got bytes, and when. Lives on its connection's event loop. */
final class ReadBurst {
    /** At most one entry for each stream that is open. */
    private final List<HboneStream> touched = new ArrayList<>();

    private final LongSupplier awakeNanos;
    private long heardNanos;

    ReadBurst(LongSupplier awakeNanos) {
        this.awakeNanos = awakeNanos;
        this.heardNanos = awakeNanos.getAsLong();
    }

    /** When anything at all came last; at first when the handshake was over. */
    long heardNanos() {
        return heardNanos;
    }

    void add(HboneStream stream) {
        if (stream.touch()) {
            touched.add(stream);
        }
    }

    /** Nothing more comes for now. */
    void end() {
        heardNanos = awakeNanos.getAsLong();
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).readComplete();
        }
        touched.clear();
    }
}
