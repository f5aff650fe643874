package io.beringia.gateway.limits;

import io.beringia.discovery.catalog.IpAddress;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the peers of one process have open: one identity at one address, one identity wherever it is, and all of them. A
 * peer is remembered while it has connections and a little longer, so that it does not begin anew by coming back. Any
 * thread; to open a tunnel takes a few atomic steps and no lock.
 */
public final class PeerShares {
    /** Longer than any rate needs until it is as good as new. */
    static final Duration REMEMBERED = Duration.ofSeconds(10);
    /** Peers without a connection; more than handshakes begin in that time on eight event loops. */
    private static final int ABSENT_MAX = 32_768;

    private final LimitsConfig limits;
    private final Quota connections = new Quota();
    private final Quota tunnels = new Quota();
    private final Map<Key, PeerShare> shares = new ConcurrentHashMap<>();
    private final Map<SpiffeId, OfIdentity> identities = new ConcurrentHashMap<>();

    public PeerShares(LimitsConfig limits) {
        this.limits = limits;
    }

    private record Key(SpiffeId id, IpAddress address) {}

    /** What one identity has, wherever it is. Any thread, but for its addresses. */
    private static final class OfIdentity {
        private final Quota connections = new Quota();
        private final Quota tunnels = new Quota();
        /** At which it is remembered; touched under the lock of its entry in the table only. */
        private int addresses;
    }

    /** What of it one may have, and who is counted with it. */
    private final class Totals implements PeerShare.Totals {
        private final OfIdentity identity;

        private Totals(OfIdentity identity) {
            this.identity = identity;
        }

        @Override
        public Optional<Limit> takeConnection() {
            return take(
                    identity.connections,
                    Limit.IDENTITY_CONNECTIONS,
                    connections,
                    Limit.ALL_CONNECTIONS,
                    limits.connections());
        }

        @Override
        public void giveBackConnection() {
            identity.connections.giveBack();
            connections.giveBack();
        }

        @Override
        public Optional<Limit> takeTunnel() {
            return take(identity.tunnels, Limit.IDENTITY_TUNNELS, tunnels, Limit.ALL_TUNNELS, limits.tunnels());
        }

        @Override
        public void giveBackTunnel() {
            identity.tunnels.giveBack();
            tunnels.giveBack();
        }
    }

    /** One identity gets half at most, so that others find room. */
    private static Optional<Limit> take(Quota own, Limit ownLimit, Quota all, Limit allLimit, int max) {
        if (!own.take(Math.max(1, max / 2))) {
            return Optional.of(ownLimit);
        }
        if (!all.take(max)) {
            own.giveBack();
            return Optional.of(allLimit);
        }
        return Optional.empty();
    }

    /** Whether one more connection may stay. */
    sealed interface Answer {
        /** It is counted; {@link PeerShare#disconnected} gives it back. */
        record Welcome(PeerShare share) implements Answer {}

        record TooMany(Limit limit) implements Answer {}
    }

    /** Counts one more connection of that peer, if it may have one. */
    Answer connect(SpiffeId id, IpAddress address, PeerAllowance allowance, long nowNanos) {
        if (shares.size() >= limits.connections() + ABSENT_MAX) {
            return new Answer.TooMany(Limit.PEERS);
        }
        PeerShare share = shares.compute(new Key(id, address), (key, known) -> {
            PeerShare found = known == null ? new PeerShare(new Totals(identity(id)), allowance, nowNanos) : known;
            found.hold();
            return found;
        });
        Optional<Limit> reached = share.connect(nowNanos);
        return reached.<Answer>map(Answer.TooMany::new).orElseGet(() -> new Answer.Welcome(share));
    }

    private OfIdentity identity(SpiffeId id) {
        return identities.compute(id, (_, known) -> {
            OfIdentity found = known == null ? new OfIdentity() : known;
            found.addresses++;
            return found;
        });
    }

    /** Forgets who has been away for long enough; to be called every few seconds. */
    void forget(long nowNanos) {
        shares.keySet()
                .forEach(key -> shares.computeIfPresent(key, (_, share) -> {
                    if (!share.isAway(nowNanos, REMEMBERED)) {
                        return share;
                    }
                    leave(key.id());
                    return null;
                }));
    }

    private void leave(SpiffeId id) {
        identities.computeIfPresent(id, (_, known) -> --known.addresses == 0 ? null : known);
    }

    /** Peers of which something is remembered. */
    public int known() {
        return shares.size();
    }

    /** Tunnels that are open, those included that wait for an answer. */
    public int tunnels() {
        return tunnels.taken();
    }
}
