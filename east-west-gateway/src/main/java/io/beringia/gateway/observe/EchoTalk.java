package io.beringia.gateway.observe;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.random.RandomGenerator;

/**
 * The words of one probe: the other side first says who it is, one byte of length and the name of its cluster in UTF-8,
 * and then says everything again that it hears. Without I/O. Lives on one event loop.
 */
final class EchoTalk {
    static final int WORD_BYTES = 16;

    private final int words;
    private final RandomGenerator random;
    private final Queue<Asked> open = new ArrayDeque<>();
    private byte[] greeting = {};
    private int greetingBytes;
    private int matchedBytes;

    /** One word, as two numbers, and when it was said. */
    private record Asked(long high, long low, long atNanos) {
        byte[] nonce() {
            return ByteBuffer.allocate(WORD_BYTES).putLong(high).putLong(low).array();
        }

        byte at(int index) {
            long half = index < Long.BYTES ? high : low;
            return (byte) (half >>> Byte.SIZE * (Long.BYTES - 1 - index % Long.BYTES));
        }
    }

    /** What some bytes meant. */
    sealed interface Heard {
        /** More must come. */
        record Nothing() implements Heard {}

        /** The newest of the questions that are answered now. */
        record Answer(String cluster, long roundTripNanos) implements Heard {}

        /** That is no echo of ours. */
        record Wrong(String word) implements Heard {}
    }

    EchoTalk(int words, RandomGenerator random) {
        this.words = words;
        this.random = random;
        restart();
    }

    /** A new connection: nothing was asked on it. */
    void restart() {
        open.clear();
        greeting = new byte[1 + 0xff];
        greetingBytes = 0;
        matchedBytes = 0;
    }

    /** The bytes to send. */
    byte[] ask(long nowNanos) {
        Asked asked = new Asked(random.nextLong(), random.nextLong(), nowNanos);
        byte[] nonce = asked.nonce();
        open.add(asked);
        byte[] all = new byte[WORD_BYTES * words];
        for (int i = 0; i < words; i++) {
            System.arraycopy(nonce, 0, all, i * WORD_BYTES, WORD_BYTES);
        }
        return all;
    }

    /** Questions without an answer. */
    int owed() {
        return open.size();
    }

    Heard hear(byte[] bytes, long nowNanos) {
        int from = greet(bytes);
        Heard heard = new Heard.Nothing();
        for (int i = from; i < bytes.length; i++) {
            Asked asked = open.peek();
            if (asked == null || bytes[i] != asked.at(matchedBytes % WORD_BYTES)) {
                return new Heard.Wrong("not-an-echo");
            }
            matchedBytes++;
            if (matchedBytes == WORD_BYTES * words) {
                matchedBytes = 0;
                open.remove();
                heard = new Heard.Answer(cluster(), Math.max(1, nowNanos - asked.atNanos()));
            }
        }
        return heard;
    }

    /** Takes what belongs to the greeting, and says where the rest begins. */
    private int greet(byte[] bytes) {
        int taken = 0;
        while (taken < bytes.length && !isGreeted()) {
            greeting[greetingBytes++] = bytes[taken++];
        }
        return taken;
    }

    private boolean isGreeted() {
        return greetingBytes > 0 && greetingBytes == 1 + (greeting[0] & 0xff);
    }

    private String cluster() {
        return new String(Arrays.copyOfRange(greeting, 1, greetingBytes), StandardCharsets.UTF_8);
    }
}
