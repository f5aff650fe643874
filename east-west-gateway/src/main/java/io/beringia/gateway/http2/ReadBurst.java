package io.beringia.gateway.http2;

import java.util.ArrayList;
import java.util.List;

/** The streams that got bytes since the last read from the socket. Lives on its connection's event loop. */
final class ReadBurst {
    /** At most one entry for each stream that is open. */
    private final List<HboneStream> touched = new ArrayList<>();

    void add(HboneStream stream) {
        if (stream.touch()) {
            touched.add(stream);
        }
    }

    /** Nothing more comes for now. */
    void end() {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).readComplete();
        }
        touched.clear();
    }
}
