package io.beringia.gateway.limits;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.trust.identity.SpiffeId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** The limits by which one event loop lets peers in. Lives on that loop; what it counts for all of them is shared. */
public final class LoopLimits {
    private final Shared shared;
    private final Paced handshakes;
    private final RapidResets resets;

    /** What all loops of a process count together. Any thread. */
    public static final class Shared {
        private final LimitsConfig limits;
        private final PeerShares peers;
        private final SourceRates sources;
        private final LongSupplier nanoTime;
        private final PeerConnection.Listener listener;

        /** @param nanoTime one monotonic clock for all of them */
        public Shared(
                LimitsConfig limits, LongSupplier nanoTime, RandomGenerator secret, PeerConnection.Listener listener) {
            this.limits = limits;
            this.peers = new PeerShares(limits);
            this.sources = new SourceRates(limits.handshakes().ofSource(), secret, nanoTime.getAsLong());
            this.nanoTime = nanoTime;
            this.listener = listener;
        }

        /** Forgets who has been away for long enough; to be called every few seconds. */
        public void forget() {
            peers.forget(nanoTime.getAsLong());
        }

        public PeerShares peers() {
            return peers;
        }
    }

    public LoopLimits(Shared shared) {
        this.shared = shared;
        this.handshakes = new Paced(shared.limits.handshakes().ofLoop(), shared.nanoTime.getAsLong());
        this.resets = new RapidResets(shared.limits.frames().resetsFrom());
    }

    /** Nanoseconds until a connection from there may go on; empty if it may not, as too many wait already. */
    public OptionalLong turnOfSource(IpAddress source) {
        return shared.sources.reserve(source, shared.nanoTime.getAsLong(), HandshakeRates.SOURCE_PATIENCE.toNanos());
    }

    /** The same, whoever it is: nanoseconds until this loop has time for its handshake. */
    public OptionalLong turn() {
        return handshakes.reserve(shared.nanoTime.getAsLong(), HandshakeRates.LOOP_PATIENCE.toNanos());
    }

    /** Counts a connection of a peer that has proved who it is; empty if it has its fill. */
    public Optional<PeerConnection> connect(SpiffeId id, IpAddress address, PeerAllowance allowance) {
        long now = shared.nanoTime.getAsLong();
        return switch (shared.peers.connect(id, address, allowance, now)) {
            case PeerShares.Answer.Welcome welcome ->
                Optional.of(new PeerConnection(
                        id,
                        welcome.share(),
                        resets.of(id, now),
                        shared.limits.frames(),
                        shared.nanoTime,
                        shared.listener));
            case PeerShares.Answer.TooMany refused -> {
                shared.listener.onLimited(id, refused.limit().word());
                yield Optional.empty();
            }
        };
    }

    /** What peers may have. */
    public LimitsConfig config() {
        return shared.limits;
    }
}
