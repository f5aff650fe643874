package io.beringia.trust.kube;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** As much of a kube API as is asked here: token reviews, and pods by list and watch. Every request has a thread. */
final class SmallApi implements AutoCloseable {
    /** The status of a review, by token. */
    final Map<String, String> reviews = new ConcurrentHashMap<>();

    final Queue<String> questions = new ConcurrentLinkedQueue<>();

    /** Events of the watch, each one line. */
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    private final String pods;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer http;

    SmallApi(String... pods) throws IOException {
        this.pods = String.join(",", pods);
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/apis/authentication.k8s.io/v1/tokenreviews", this::review);
        http.createContext("/api/v1/pods", this::pods);
        http.start();
    }

    /** A file that leads here. */
    String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: small, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: me, user: {}}]
                contexts: [{name: small, context: {cluster: small, user: me}}]
                current-context: small
                """.formatted(http.getAddress().getPort());
    }

    static String pod(String name, String account, String node, String phase) {
        return """
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"namespace": "shop", "name": "%1$s", "uid": "uid-%1$s", "resourceVersion": "5"},
                 "spec": {"serviceAccountName": "%2$s", "nodeName": "%3$s"}, "status": {"phase": "%4$s"}}
                """.formatted(name, account, node, phase).replace("\n", "");
    }

    private void review(HttpExchange exchange) throws IOException {
        String question = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        questions.add(question);
        String status = reviews.entrySet().stream()
                .filter(review -> question.contains("\"" + review.getKey() + "\""))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("{\"authenticated\": false, \"error\": \"unknown\"}");
        answer(
                exchange,
                status.isEmpty() ? 403 : 201,
                "{\"apiVersion\": \"authentication.k8s.io/v1\", \"kind\": \"TokenReview\", \"status\": " + status
                        + "}");
    }

    private void pods(HttpExchange exchange) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        if (!query.contains("watch=true")) {
            answer(
                    exchange,
                    200,
                    "{\"apiVersion\": \"v1\", \"kind\": \"PodList\", \"metadata\": {\"resourceVersion\": \"7\"}, \"items\": ["
                            + pods + "]}");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.flush(); // the headers, before the first event
            while (true) {
                out.write((events.take() + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
