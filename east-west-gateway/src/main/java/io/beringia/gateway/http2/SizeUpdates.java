package io.beringia.gateway.http2;

import io.netty.buffer.ByteBuf;

/**
 * Counts the changes of the table's size with which a field block begins (RFC 7541, 6.3): each makes the codec build the table
 * anew, and thousands fit into one request. Lives on its connection's event loop.
 */
final class SizeUpdates {
    /** The smallest size since the last block, and the one from now on (RFC 7541, 4.2). */
    static final int MAX = 2;

    private static final int KIND_MASK = 0xe0;
    private static final int KIND = 0x20;
    private static final int PREFIX = 0x1f;
    private static final int MORE = 0x80;

    private int ignored;
    private boolean looking;
    private boolean inNumber;
    private int count;

    /** @param before bytes of padding's length and priority, which are not fields */
    void begin(int before) {
        ignored = before;
        looking = true;
        inNumber = false;
        count = 0;
    }

    /** The next bytes of the block; false if there are too many changes. */
    boolean admits(ByteBuf bytes, int at, int length) {
        int from = at + Math.min(ignored, length);
        ignored -= from - at;
        for (int i = from; looking && i < at + length; i++) {
            look(bytes.getByte(i));
        }
        return count <= MAX;
    }

    private void look(byte next) {
        if (inNumber) {
            inNumber = (next & MORE) != 0;
        } else if ((next & KIND_MASK) == KIND) {
            count++;
            inNumber = (next & PREFIX) == PREFIX;
        } else {
            looking = false;
        }
    }
}
