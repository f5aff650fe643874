package io.beringia.discovery;

import io.beringia.discovery.catalog.Freshness;
import io.beringia.discovery.kube.ClusterNews;
import java.time.Duration;
import java.time.Instant;

/**
 * Whether the API of our own cluster answers, as peers are told.
 */
sealed interface OwnApi {
    Freshness freshness(Instant now);

    /** There is none, or nothing was heard of it yet. */
    record Unheard() implements OwnApi {
        @Override
        public Freshness freshness(Instant now) {
            return new Freshness.Unknown();
        }
    }

    /** Nothing was heard of it since we started; what is known is from an earlier life, which heard it last then. */
    record Restored(Instant since) implements OwnApi {
        @Override
        public Freshness freshness(Instant now) {
            return new Freshness.Stale(Duration.between(since, now));
        }
    }

    record Answering() implements OwnApi {
        @Override
        public Freshness freshness(Instant now) {
            return new Freshness.Live();
        }
    }

    record Silent(Instant since) implements OwnApi {
        @Override
        public Freshness freshness(Instant now) {
            return new Freshness.Stale(Duration.between(since, now));
        }
    }

    /** What it is after that news. */
    default OwnApi after(ClusterNews news, Instant now) {
        return switch (news) {
            case ClusterNews.PartChanged changed -> this instanceof Silent ? this : new Answering();
            case ClusterNews.ClusterStale stale -> this instanceof Restored ? this : new Silent(now);
            case ClusterNews.HeldBack held -> this;
            case ClusterNews.ClusterLive live -> this instanceof Restored ? this : new Answering();
        };
    }
}
