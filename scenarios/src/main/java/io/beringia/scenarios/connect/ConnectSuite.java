package io.beringia.scenarios.connect;

import io.beringia.discovery.wire.YamlFields;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLException;

/** Plays cases against one target, each on a connection of its own. Blocking; owned by who runs it. */
public final class ConnectSuite implements AutoCloseable {
    /** One resource each, in the order of the report. */
    private static final List<String> GROUPS =
            List.of("request", "fields", "authority", "tunnel", "end", "streams", "flow", "frames", "hpack", "hbone");

    private final SuiteTarget target;
    private final BackendSeat backend;

    private ConnectSuite(SuiteTarget target) {
        this.target = target;
        this.backend = new BackendSeat(target.backend(), target.patience());
    }

    /** Listens as the backend from now on. Throws {@link UncheckedIOException} if it cannot. */
    public static ConnectSuite against(SuiteTarget target) {
        return new ConnectSuite(target);
    }

    /** Every case there is. */
    public static List<SuiteCase> cases() {
        return GROUPS.stream().flatMap(group -> read(group).stream()).toList();
    }

    private static List<SuiteCase> read(String group) {
        try (InputStream file = ConnectSuite.class.getResourceAsStream("cases/" + group + ".yaml")) {
            if (file == null) {
                throw new IllegalStateException("cases: " + group + ".yaml is missing (expected: a resource of ours)");
            }
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return YamlFields.document(
                            group + ".yaml", text, yaml -> yaml.listOf("cases", it -> SuiteCase.read(group, it)))
                    .stream()
                    .flatMap(List::stream)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Never throws for what the target does. */
    public CaseResult play(SuiteCase which) {
        return which.opening().start().needsTls() && target.identity().isEmpty()
                ? new CaseResult.Skipped(which, "the target is tested in the open")
                : played(which);
    }

    private CaseResult played(SuiteCase which) {
        int step = 0;
        try {
            backend.clear();
            try (Conversation talk = converse(which)) {
                if (which.opening().start() == SuiteCase.Start.GREETED) {
                    talk.greet(Setting.payload(which.opening().settings()));
                }
                Stage stage = new Stage(talk, backend, this::named);
                for (Step one : which.steps()) {
                    step++;
                    one.play(stage);
                }
            }
            return new CaseResult.Passed(which);
        } catch (Unmet unmet) {
            return new CaseResult.Failed(which, "step " + step + ": " + unmet.getMessage());
        } catch (IOException broken) {
            return new CaseResult.Failed(which, "step " + step + ": " + broken.getMessage());
        }
    }

    private Conversation converse(SuiteCase which) throws IOException {
        return new Conversation(
                connect(which.opening().start()), which.opening().givesCredit(), target.patience());
    }

    private FrameSocket connect(SuiteCase.Start start) throws IOException {
        Socket wire = new Socket();
        wire.connect(target.address(), millis());
        wire.setTcpNoDelay(true);
        try {
            return switch (start) {
                case GREETED, SILENT -> new FrameSocket(secured(wire), wire);
                case NOBODY -> refusedAtMost(wire, false, "h2");
                case OTHER_PROTOCOL -> refusedAtMost(wire, true, "http/1.1");
            };
        } catch (IOException failed) {
            wire.close();
            throw failed;
        }
    }

    private Socket secured(Socket wire) throws IOException {
        return target.identity().isPresent() ? target.identity().get().secure(wire, true, "h2", millis()) : wire;
    }

    /** A handshake that fails is one way to close a connection. */
    private FrameSocket refusedAtMost(Socket wire, boolean named, String protocol) throws IOException {
        try {
            return new FrameSocket(target.identity().orElseThrow().secure(wire, named, protocol, millis()), wire);
        } catch (SSLException | SocketException refused) {
            wire.close();
            return FrameSocket.closed();
        }
    }

    private int millis() {
        return (int) target.patience().toMillis();
    }

    private String named(String text) {
        return text.replace("{service}", target.service()).replace("{unknown}", target.unknown());
    }

    @Override
    public void close() throws IOException {
        backend.close();
    }
}
