package io.beringia.gateway.limits;

import io.beringia.discovery.catalog.IpAddress;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;

/**
 * The same {@link Rate} for each address, however many there are: a table of fixed size in which each address has two
 * places, chosen in secret, and the better one counts (a count-min sketch with conservative update, Estan and Varghese,
 * 2002). So nobody can fill it, nothing in it must be forgotten, and an address pays for another only where both of its
 * places are taken. Any thread; two at the same moment may take the same one.
 */
final class SourceRates {
    private static final int PLACES = 8_192;
    private static final int V6_NETWORK_BYTES = 8;

    private final Rate rate;
    private final long first;
    private final long second;
    private final long originNanos;
    /** Since {@link #originNanos}, so that a place which nobody used has nothing to pay. */
    private final AtomicLongArray paidNanos = new AtomicLongArray(PLACES);

    SourceRates(Rate rate, RandomGenerator secret, long nowNanos) {
        this.rate = rate;
        this.first = secret.nextLong();
        this.second = secret.nextLong();
        this.originNanos = nowNanos;
    }

    /** Takes one for that address, and says how long to wait for it; empty if that would be longer than this. */
    OptionalLong reserve(IpAddress source, long nowNanos, long patienceNanos) {
        long now = nowNanos - originNanos;
        long key = key(source);
        int one = place(key ^ first);
        int other = place(key ^ second);
        long paid = Math.min(paidNanos.get(one), paidNanos.get(other));
        long wait = rate.waitNanos(paid, now);
        if (wait > patienceNanos) {
            return OptionalLong.empty();
        }
        long after = rate.paidAfter(paid, now);
        paidNanos.accumulateAndGet(one, after, Math::max);
        paidNanos.accumulateAndGet(other, after, Math::max);
        return OptionalLong.of(wait);
    }

    /** Whoever has one address of IPv6 has its whole network of 64 bits. */
    static long key(IpAddress source) {
        byte[] bytes = source.bytes();
        return source.isV6()
                ? ByteBuffer.wrap(bytes, 0, V6_NETWORK_BYTES).getLong()
                : ByteBuffer.wrap(bytes).getInt();
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static int place(long keyed) {
        long mixed = (keyed ^ (keyed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return (int) ((mixed ^ (mixed >>> 31)) & (PLACES - 1));
    }
}
