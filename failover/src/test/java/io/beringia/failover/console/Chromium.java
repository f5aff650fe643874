package io.beringia.failover.console;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A headless Chromium with one page, driven by its DevTools protocol. Owned by the test's thread. */
final class Chromium implements AutoCloseable {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);
    private static final int MESSAGES_MAX = 10_000;

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<String> messages = new ArrayBlockingQueue<>(MESSAGES_MAX);
    private final WebSocket socket;
    private final String session;
    private int calls;

    private Chromium(Process process, Path profile) throws Exception {
        this.process = process;
        Path port = profile.resolve("DevToolsActivePort");
        await().atMost(LONG_ENOUGH)
                .until(() -> Files.exists(port) && Files.readAllLines(port).size() == 2);
        List<String> where = Files.readAllLines(port);
        socket = http.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + where.get(0) + where.get(1)), new Collecting(messages))
                .get(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS);
        String target = call("Target.createTarget", object().put("url", "about:blank"), "")
                .path("targetId")
                .asString();
        session = call("Target.attachToTarget", object().put("targetId", target).put("flatten", true), "")
                .path("sessionId")
                .asString();
        call("Page.enable", object());
        call("Runtime.enable", object());
    }

    /** Where one is, if it is on {@code PATH}. */
    static Optional<Path> program() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, "chromium"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param profile a new folder */
    static Chromium start(Path program, Path profile) throws Exception {
        return new Chromium(
                new ProcessBuilder(
                                program.toString(),
                                "--headless=new",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                                "--user-data-dir=" + profile,
                                "--remote-debugging-port=0")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start(),
                profile);
    }

    /** @param scheme {@code dark} or {@code light} */
    void look(int width, int height, String scheme) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                object().put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
        ObjectNode media = object();
        media.putArray("features")
                .add(object().put("name", "prefers-color-scheme").put("value", scheme))
                .add(object().put("name", "prefers-reduced-motion").put("value", "reduce"));
        call("Emulation.setEmulatedMedia", media);
    }

    void open(String url) throws Exception {
        call("Page.navigate", object().put("url", url));
    }

    /** What an expression comes to, as text; awaited until it is that. */
    void awaitValue(String expression, String value) {
        await().atMost(LONG_ENOUGH).until(() -> value(expression), value::equals);
    }

    String value(String expression) throws Exception {
        return call("Runtime.evaluate", object().put("expression", "String(" + expression + ")"))
                .path("result")
                .path("value")
                .asString("");
    }

    void press(String key) throws Exception {
        ObjectNode pressed = object().put("type", "keyDown").put("key", key).put("code", key);
        if (key.equals("Tab")) {
            pressed.put("windowsVirtualKeyCode", 9);
        } else {
            pressed.put("windowsVirtualKeyCode", 13).put("text", "\r");
        }
        call("Input.dispatchKeyEvent", pressed);
        call("Input.dispatchKeyEvent", pressed.deepCopy().put("type", "keyUp"));
    }

    void screenshot(Path file) throws Exception {
        JsonNode shot = call("Page.captureScreenshot", object().put("captureBeyondViewport", true));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(shot.path("data").asString()));
    }

    /** Everything that the page complained of: refused scripts, errors, exceptions. */
    List<String> complaints() {
        return messages.stream()
                .filter(text -> text.contains("\"Runtime.exceptionThrown\"") || text.contains("\"Log.entryAdded\""))
                .toList();
    }

    void listen() throws Exception {
        call("Log.enable", object());
    }

    @Override
    public void close() {
        http.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        await().atMost(LONG_ENOUGH).until(() -> !process.isAlive());
    }

    private JsonNode call(String method, ObjectNode parameters) throws Exception {
        return call(method, parameters, session);
    }

    private JsonNode call(String method, ObjectNode parameters, String of) throws Exception {
        int id = ++calls;
        ObjectNode request = object().put("id", id).put("method", method);
        request.set("params", parameters);
        if (!of.isEmpty()) {
            request.put("sessionId", of);
        }
        socket.sendText(request.toString(), true).get(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS);
        List<String> others = new java.util.ArrayList<>();
        try {
            while (true) {
                String message = messages.poll(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS);
                if (message == null) {
                    throw new IOException(method + ": no answer");
                }
                JsonNode answer = JsonMapper.shared().readTree(message);
                if (answer.path("id").asInt(0) == id) {
                    if (answer.has("error")) {
                        throw new IOException(method + ": " + answer.path("error"));
                    }
                    return answer.path("result");
                }
                others.add(message);
            }
        } finally {
            messages.addAll(others);
        }
    }

    private static ObjectNode object() {
        return JsonMapper.shared().createObjectNode();
    }

    /** Whole messages, in their order. */
    private static final class Collecting implements WebSocket.Listener {
        private final BlockingQueue<String> messages;
        private final StringBuilder part = new StringBuilder();

        private Collecting(BlockingQueue<String> messages) {
            this.messages = messages;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean isLast) {
            part.append(data);
            if (isLast) {
                messages.add(part.toString());
                part.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}
