package io.beringia.discovery.kube;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When each watch was heard last, to the byte: events, bookmarks, whatever. An informer goes on saying that it watches while
 * its connection is half open, and a bookmark need not say anything new. Any thread.
 */
final class WatchPulse implements Interceptor {
    private final Map<String, Instant> heard = new ConcurrentHashMap<>();
    private final InstantSource clock;

    WatchPulse(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public AsyncBody.Consumer<List<ByteBuffer>> consumer(
            AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
        String query = request.uri().getQuery();
        if (query == null || !query.contains("watch=true")) {
            return consumer;
        }
        String path = request.uri().getPath();
        String plural = path.substring(path.lastIndexOf('/') + 1);
        heard.put(plural, clock.instant());
        return (bytes, body) -> {
            heard.put(plural, clock.instant());
            consumer.consume(bytes, body);
        };
    }

    /** Whether a watch of these began and was not heard for so long; asked again, it counts from now. */
    boolean isSilent(String plural, Duration max) {
        Instant last = heard.get(plural);
        boolean isSilent = last != null && clock.instant().isAfter(last.plus(max));
        if (isSilent) {
            heard.put(plural, clock.instant());
        }
        return isSilent;
    }
}
