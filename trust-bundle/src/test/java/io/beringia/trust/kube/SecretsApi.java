package io.beringia.trust.kube;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** As much of a kube API as holds one Secret and says what istiod's environment is. One thread. */
public final class SecretsApi implements AutoCloseable {
    private static final String SECRETS = "/api/v1/namespaces/istio-system/secrets";

    /** Method of each request that writes. */
    public final List<String> writes = new CopyOnWriteArrayList<>();

    private final HttpServer http;
    private volatile Optional<ObjectNode> secret = Optional.empty();
    private volatile String multiRoot = "false";
    private volatile Runnable beforeWrite = () -> {};
    private int version;

    public SecretsApi() throws IOException {
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext(SECRETS, this::secrets);
        http.createContext("/apis/apps/v1/namespaces/istio-system/deployments", this::istiod);
        http.start();
    }

    /** A file that leads here. */
    public String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: small, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: me, user: {}}]
                contexts: [{name: small, context: {cluster: small, user: me}}]
                current-context: small
                """.formatted(http.getAddress().getPort());
    }

    public void takesSeveralRoots() {
        multiRoot = "true";
    }

    /** Somebody else writes between a reader's look and its own write. */
    public void changeBeforeTheNextWrite() {
        beforeWrite = () -> {
            beforeWrite = () -> {};
            secret.ifPresent(this::store);
        };
    }

    /** Somebody else has his way with one file of it. */
    public void changeByHand(String file, String text) {
        ObjectNode changed = (ObjectNode) secret().deepCopy();
        ((ObjectNode) changed.get("data"))
                .put(file, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII)));
        ((ObjectNode) changed.get("metadata")).putObject("labels").put("team", "security");
        store(changed);
    }

    /** The Secret as it stands. */
    public JsonNode secret() {
        return secret.orElseThrow();
    }

    private void secrets(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        switch (exchange.getRequestMethod()) {
            case "GET" -> {
                if (secret.isPresent()) {
                    answer(exchange, 200, secret.get().toString());
                } else {
                    status(exchange, 404, "NotFound");
                }
            }
            case "POST", "PUT" ->
                write(exchange, (ObjectNode) JsonMapper.shared().readTree(body));
            default -> status(exchange, 405, "MethodNotAllowed");
        }
    }

    private void write(HttpExchange exchange, ObjectNode wanted) throws IOException {
        writes.add(exchange.getRequestMethod());
        beforeWrite.run();
        String expected = wanted.path("metadata").path("resourceVersion").asString("");
        if (!expected.isEmpty() && !expected.equals(Integer.toString(version))) { // none: whatever stands there
            status(exchange, 409, "Conflict");
            return;
        }
        store(wanted);
        answer(exchange, 200, wanted.toString());
    }

    private void store(ObjectNode wanted) {
        version++;
        ((ObjectNode) wanted.get("metadata")).put("resourceVersion", Integer.toString(version));
        secret = Optional.of(wanted);
    }

    private void istiod(HttpExchange exchange) throws IOException {
        answer(exchange, 200, """
                {"apiVersion": "apps/v1", "kind": "DeploymentList", "metadata": {}, "items": [
                 {"metadata": {"name": "istiod", "labels": {"app": "istiod"}}, "spec": {"template": {"spec": {"containers": [
                  {"name": "discovery", "env": [{"name": "ISTIO_MULTIROOT_MESH", "value": "%s"}]}]}}}}]}
                """.formatted(multiRoot));
    }

    private static void status(HttpExchange exchange, int code, String reason) throws IOException {
        answer(
                exchange,
                code,
                "{\"apiVersion\": \"v1\", \"kind\": \"Status\", \"status\": \"Failure\", \"reason\": \"" + reason
                        + "\", \"code\": " + code + "}");
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
    }
}
