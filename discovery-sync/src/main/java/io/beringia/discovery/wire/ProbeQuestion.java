package io.beringia.discovery.wire;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** How an application is asked whether it is ready (Kubernetes {@code core/v1 Probe}). Any thread; it waits. */
public sealed interface ProbeQuestion {
    /** Whoever accepts a connection is ready. */
    record Tcp(String host, int port) implements ProbeQuestion {
        @Override
        public boolean isAnswered(HttpClient http, Duration timeout) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
                return true;
            } catch (IOException unreachable) {
                return false;
            }
        }

        @Override
        public String toString() {
            return "tcp " + host + ":" + port;
        }
    }

    /** Whoever answers with a status of 200 to 399 is ready; what comes behind it is not read. */
    record Http(URI uri) implements ProbeQuestion {
        @Override
        public boolean isAnswered(HttpClient http, Duration timeout) throws InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(uri).timeout(timeout).build();
            try {
                HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
                response.body().close();
                return response.statusCode() >= 200 && response.statusCode() < 400;
            } catch (IOException unreachable) {
                return false;
            }
        }

        @Override
        public String toString() {
            return uri.toString();
        }
    }

    /** A client as questions need it: redirects are answers, as they are to a kubelet. */
    static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Whether the application says within {@code timeout} that it is ready. */
    boolean isAnswered(HttpClient http, Duration timeout) throws InterruptedException;
}
