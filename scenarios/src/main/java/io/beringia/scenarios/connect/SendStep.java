package io.beringia.scenarios.connect;

import java.nio.ByteBuffer;
import java.util.List;

/** What a case sends. */
sealed interface SendStep extends Step {
    List<String> PLAIN_CONNECT = List.of(":method: CONNECT", ":authority: {service}");

    /** HEADERS, or CONTINUATION, with these fields. */
    record Fields(int type, int stream, int flags, List<String> fields) implements SendStep {
        public Fields {
            fields = List.copyOf(fields);
        }

        @Override
        public void play(Stage stage) {
            stage.talk().send(new Frame(type, flags, stream, stage.block(fields)));
        }
    }

    /** DATA within the windows. */
    record Data(int stream, boolean ended, Bytes bytes) implements SendStep {
        @Override
        public void play(Stage stage) throws Unmet {
            stage.talk().sendData(stream, bytes.array(), ended);
        }
    }

    /** Any frame as it is. */
    record Whole(Frame frame) implements SendStep {
        @Override
        public void play(Stage stage) {
            stage.talk().send(frame);
        }
    }

    /** Further tunnels, until as many are open as the target allows; none if it allows any number. */
    record UpTo(Setting limit) implements SendStep {
        private static final int FIRST = 3;
        /** More than that would be a test of the backend. */
        private static final int MOST = 1_000;

        @Override
        public void play(Stage stage) throws Unmet {
            int open = stage.talk().setting(limit).orElse(0);
            if (open > MOST) {
                throw new Unmet(limit + ": " + open + " (expected: at most " + MOST + ", to be tried)");
            }
            for (int i = 1; i < open; i++) {
                int stream = FIRST + 2 * (i - 1);
                new Fields(Frame.HEADERS, stream, Frame.END_HEADERS, PLAIN_CONNECT).play(stage);
                new ExpectStep.Status(stream, "2xx").play(stage);
            }
        }
    }

    /** Any bytes. */
    record Raw(Bytes bytes) implements SendStep {
        @Override
        public void play(Stage stage) {
            stage.talk().send(bytes.array());
        }
    }

    /** @param words as they stand after {@code send} */
    static SendStep parse(Words words, Content content) {
        return switch (words.next("a frame")) {
            case "connect" -> new Fields(Frame.HEADERS, words.number(), Frame.END_HEADERS, PLAIN_CONNECT);
            case "connects-up-to" -> new UpTo(Setting.valueOf(words.next("a setting")));
            case "HEADERS" -> new Fields(Frame.HEADERS, words.number(), fieldFlags(words), content.fields());
            case "CONTINUATION" -> new Fields(Frame.CONTINUATION, words.number(), fieldFlags(words), content.fields());
            case "DATA" -> new Data(words.number(), words.flag("END_STREAM"), content.bytes());
            case "RST_STREAM" ->
                new Whole(Frame.resetStream(words.number(), words.error().code()));
            case "WINDOW_UPDATE" -> new Whole(Frame.windowUpdate(words.number(), words.number()));
            case "SETTINGS" -> new Whole(new Frame(Frame.SETTINGS, 0, 0, Setting.payload(words.rest())));
            case "PING" -> new Whole(new Frame(Frame.PING, 0, 0, content.bytes()));
            case "GOAWAY" -> new Whole(goAway(words.number(), words.error()));
            case "FRAME" -> new Whole(new Frame(words.number(), words.number(), words.number(), content.bytes()));
            case "BYTES" -> new Raw(content.bytes());
            case String other ->
                throw new IllegalArgumentException(
                        "send: \"" + other + "\" (expected: connect, BYTES, FRAME or a frame)");
        };
    }

    private static int fieldFlags(Words words) {
        return (words.flag("END_STREAM") ? Frame.END_STREAM : 0) | (words.flag("MORE") ? 0 : Frame.END_HEADERS);
    }

    private static Frame goAway(int lastStream, Http2Error code) {
        byte[] payload = ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(lastStream)
                .putInt(code.code())
                .array();
        return new Frame(Frame.GOAWAY, 0, 0, payload);
    }
}
