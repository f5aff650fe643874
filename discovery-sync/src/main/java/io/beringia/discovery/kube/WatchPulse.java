package io.beringia.discovery.kube;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * When each watch was heard last, to the byte: events, bookmarks, whatever. An informer goes on saying that it watches while
 * its connection is half open, and a bookmark need not say anything new; it tells nobody that its kind is not found any more, and
 * asks again for ever. Any thread.
 */
final class WatchPulse implements Interceptor {
    private static final int NOT_FOUND = 404;

    private final Map<String, Instant> heard = new ConcurrentHashMap<>();
    private final InstantSource clock;
    private final Consumer<String> notFound;

    /** @param notFound hears, on a thread that must not wait, which kind its API does not know: by its plural */
    WatchPulse(InstantSource clock, Consumer<String> notFound) {
        this.clock = clock;
        this.notFound = notFound;
    }

    @Override
    public AsyncBody.Consumer<List<ByteBuffer>> consumer(
            AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
        String query = request.uri().getQuery();
        if (query == null || !query.contains("watch=true")) {
            return consumer;
        }
        String plural = plural(request);
        heard.put(plural, clock.instant());
        return (bytes, body) -> {
            heard.put(plural, clock.instant());
            consumer.consume(bytes, body);
        };
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        if (response.code() == NOT_FOUND) {
            notFound.accept(plural(request));
        }
    }

    /** Lists and watches of a kind have it at the end of their path. */
    private static String plural(HttpRequest request) {
        String path = request.uri().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Nobody watches these any more. */
    void ended(String plural) {
        heard.remove(plural);
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
