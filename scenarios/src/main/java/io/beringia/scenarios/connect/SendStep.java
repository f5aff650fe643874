package io.beringia.scenarios.connect;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What a case sends. */
sealed interface SendStep extends Step {
    /** What every target takes in one frame. */
    int FRAME_BYTES = 16_384;

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

    /** More DATA than a window and all that the systems between two of us buffer, whatever the windows say. */
    record Flood(int stream) implements SendStep {
        private static final int FRAMES = 4_096;

        @Override
        public void play(Stage stage) {
            stage.talk().sendAll(Collections.nCopies(FRAMES, data(stream, FRAME_BYTES)));
        }
    }

    /** Further tunnels, each with what fits into its own window, together more than fits into that of the connection. */
    record FloodTogether() implements SendStep {
        /** No target has more room than that to be tried. */
        private static final int BYTES_MAX = 64 * 1024 * 1024;

        @Override
        public void play(Stage stage) throws Unmet {
            stage.talk().roundTrip();
            List<Frame> frames = new ArrayList<>();
            int left = Math.min(stage.talk().room(0), BYTES_MAX) + 1;
            for (int stream = UpTo.FIRST; left > 0; stream += 2) {
                new Fields(Frame.HEADERS, stream, Frame.END_HEADERS, PLAIN_CONNECT).play(stage);
                new ExpectStep.Status(stream, "2xx").play(stage);
                for (int room = stage.talk().roomOf(stream); room > 0 && left > 0; room -= FRAME_BYTES) {
                    int bytes = Math.min(FRAME_BYTES, Math.min(room, left));
                    frames.add(data(stream, bytes));
                    left -= bytes;
                }
            }
            stage.talk().sendAll(frames);
        }
    }

    private static Frame data(int stream, int bytes) {
        return new Frame(Frame.DATA, 0, stream, new byte[bytes]);
    }

    /** A CONNECT whose fields are larger than the target takes, by so many percent; in frames that any target takes. */
    record LargerConnect(int stream, Setting limit, int percent) implements SendStep {
        /** Of a target that announces none. */
        private static final int LIMIT_BYTES = 1024 * 1024;

        @Override
        public void play(Stage stage) {
            int bytes = stage.talk().setting(limit).orElse(LIMIT_BYTES);
            List<String> fields = new ArrayList<>(PLAIN_CONNECT);
            fields.add("x-long: " + "y".repeat(bytes / 100 * (100 + percent)));
            byte[] block = stage.block(fields);
            for (int from = 0; from < block.length; from += FRAME_BYTES) {
                int to = Math.min(from + FRAME_BYTES, block.length);
                stage.talk()
                        .send(new Frame(
                                from == 0 ? Frame.HEADERS : Frame.CONTINUATION,
                                to == block.length ? Frame.END_HEADERS : 0,
                                stream,
                                Arrays.copyOfRange(block, from, to)));
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
            case "flood" -> new Flood(words.number());
            case "flood-together" -> new FloodTogether();
            case "connect-larger-than" ->
                new LargerConnect(words.number(), Setting.valueOf(words.next("a setting")), words.number());
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
