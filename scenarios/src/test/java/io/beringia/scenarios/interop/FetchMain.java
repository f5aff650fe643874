package io.beringia.scenarios.interop;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Asks a URL until every one of some texts is in its answer and prints that answer, or the last one after a minute. For
 * network namespaces that the test itself is not in. Arguments: URL, texts; one that begins with {@code !} must not be there.
 */
final class FetchMain {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final Duration ASK_EVERY = Duration.ofMillis(200);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private FetchMain() {}

    public static void main(String[] args) {
        List<String> texts = List.of(args).subList(1, args.length);
        AtomicReference<String> answer = new AtomicReference<>("");
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            await().atMost(WITHIN)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(ASK_EVERY)
                    .until(() -> {
                        String newest = answer(http, URI.create(args[0]));
                        answer.set(newest);
                        return fits(newest, texts);
                    });
        } catch (ConditionTimeoutException late) {
            // Whoever reads the last answer sees what is missing in it.
        }
        System.out.println(answer.get());
    }

    private static boolean fits(String answer, List<String> texts) {
        return texts.stream()
                .allMatch(text -> text.startsWith("!") ? !answer.contains(text.substring(1)) : answer.contains(text));
    }

    private static String answer(HttpClient http, URI uri) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException silent) {
            return "! " + silent;
        }
    }
}
