package io.beringia.scenarios.connect;

import java.util.HashMap;
import java.util.Map;

/** How many bytes the other side still takes (RFC 9113, section 6.9). Owned by one conversation. */
final class SendWindows {
    private static final int INITIAL = 65_535;

    private final Map<Integer, Integer> changes = new HashMap<>();
    private int initial = INITIAL;

    void initial(int bytes) {
        initial = bytes;
    }

    void give(int stream, int bytes) {
        changes.merge(stream, bytes, Integer::sum);
    }

    void take(int stream, int bytes) {
        give(0, -bytes);
        give(stream, -bytes);
    }

    int room(int stream) {
        int ofConnection = INITIAL + changes.getOrDefault(0, 0);
        return stream == 0 ? ofConnection : Math.min(ofConnection, roomOf(stream));
    }

    /** Without regard to the connection's. */
    int roomOf(int stream) {
        return initial + changes.getOrDefault(stream, 0);
    }
}
