package io.beringia.scenarios.connect;

import java.util.Optional;
import java.util.Set;

/** What a case expects of the target. */
sealed interface ExpectStep extends Step {
    /** An answer; {@code x} in a pattern is any digit, and {@code refusal} any status but 2xx and 1xx. */
    record Status(int stream, String pattern) implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            String status = stage.answer(stream).status();
            if (!matches(status, pattern)) {
                throw new Unmet("stream " + stream + ": status " + status + " (expected: " + pattern + ")");
            }
        }

        private static boolean matches(String status, String pattern) {
            return pattern.equals("refusal") ? status.matches("[345]..") : status.matches(pattern.replace('x', '.'));
        }
    }

    /** RFC 9113, section 8.1.1: a stream error, or an answer that says no before it. */
    record Malformed(int stream) implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            StreamEvent event = stage.talk().next(stream);
            boolean refused = event instanceof StreamEvent.Answer answer
                    && answer.status().matches("4..");
            boolean reset = event instanceof StreamEvent.WasReset was && was.code() == Http2Error.PROTOCOL_ERROR.code();
            if (!refused && !reset) {
                throw new Unmet("stream " + stream + ": " + event.shown()
                        + " (expected: RST_STREAM(PROTOCOL_ERROR), or a status of 4xx)");
            }
        }
    }

    /** RST_STREAM; answers and bytes before it do not count. */
    record Reset(int stream, Set<Http2Error> codes) implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            StreamEvent event = stage.talk().next(stream);
            while (event instanceof StreamEvent.Answer || event instanceof StreamEvent.Received) {
                event = stage.talk().next(stream);
            }
            if (!(event instanceof StreamEvent.WasReset was && is(codes, was.code()))) {
                throw new Unmet("stream " + stream + ": " + event.shown() + " (expected: RST_STREAM " + codes + ")");
            }
        }
    }

    /** RST_STREAM, or the end of the connection: where the other side cannot know whether a peer has lost its count. */
    record ResetOrConnectionError(int stream, Set<Http2Error> codes) implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            Optional<Integer> code = stage.talk().awaitResetOrClosed(stream);
            if (code.isPresent() && !is(codes, code.get())) {
                throw new Unmet("stream " + stream + ": " + Http2Error.word(code.get()) + " (expected: " + codes + ")");
            }
        }
    }

    /** A no, in any way: a status of 4xx, RST_STREAM, or the end of the connection. */
    record RefusedOrError(int stream, Set<Http2Error> codes) implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            Optional<StreamEvent> said = stage.talk().nextOrClosed(stream);
            if (said.isEmpty()) {
                new ConnectionError(codes).play(stage);
                return;
            }
            boolean refused = said.get() instanceof StreamEvent.Answer answer
                    && answer.status().matches("4..");
            boolean reset = said.get() instanceof StreamEvent.WasReset was && is(codes, was.code());
            if (!refused && !reset) {
                throw new Unmet("stream " + stream + ": " + said.get().shown()
                        + " (expected: a status of 4xx, RST_STREAM " + codes + ", or the end of the connection)");
            }
        }
    }

    private static boolean is(Set<Http2Error> codes, int code) {
        return codes.stream().anyMatch(one -> one.code() == code);
    }

    /** Exactly these bytes come next. */
    record Received(int stream, Bytes bytes) implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            byte[] got = new byte[bytes.size()];
            int have = 0;
            while (have < got.length) {
                Bytes some = some(stage, have);
                int taken = Math.min(some.size(), got.length - have);
                System.arraycopy(some.array(), 0, got, have, taken);
                have += taken;
                if (taken < some.size()) {
                    stage.talk().putBack(stream, new StreamEvent.Received(some.from(taken)));
                }
            }
            if (!bytes.equals(Bytes.of(got))) {
                throw new Unmet("stream " + stream + ": " + Bytes.of(got) + " (expected: " + bytes + ")");
            }
        }

        private Bytes some(Stage stage, int have) throws Unmet {
            StreamEvent event = stage.talk().next(stream);
            if (event instanceof StreamEvent.Received received) {
                return received.bytes();
            }
            throw new Unmet("stream " + stream + ": " + event.shown() + " after " + have + " bytes (expected: "
                    + bytes.size() + ")");
        }
    }

    /** END_STREAM comes next. */
    record End(int stream) implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            StreamEvent event = stage.talk().next(stream);
            if (!(event instanceof StreamEvent.Ended)) {
                throw new Unmet("stream " + stream + ": " + event.shown() + " (expected: END_STREAM)");
            }
        }
    }

    /** RFC 9113, section 5.4.1: the connection ends; a GOAWAY before it names one of these. */
    record ConnectionError(Set<Http2Error> codes) implements ExpectStep {
        /** RFC 9113, section 5.4: they can always be used in place of more specific ones. */
        private static final Set<Http2Error> GENERIC = Set.of(Http2Error.PROTOCOL_ERROR, Http2Error.INTERNAL_ERROR);

        @Override
        public void play(Stage stage) throws Unmet {
            Optional<Integer> code = stage.talk().awaitClosed();
            if (code.isPresent() && !is(codes, code.get()) && !is(GENERIC, code.get())) {
                throw new Unmet("GOAWAY(" + Http2Error.word(code.get()) + ") (expected: " + codes + ")");
            }
        }
    }

    /** The connection ends, however. */
    record Closed() implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            stage.talk().awaitClosed();
        }
    }

    /** The connection is as it was. */
    record Alive() implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            stage.talk().roundTrip();
        }
    }

    /** The connection is as it was, or has ended as {@link ConnectionError} says. */
    record AliveOrError(Set<Http2Error> codes) implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            if (!stage.talk().isAnswered()) {
                new ConnectionError(codes).play(stage);
            }
        }
    }

    /** Nothing was said on a stream by the time of a round trip. */
    record Silence(int stream) implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            stage.talk().roundTrip();
            Optional<StreamEvent> event = stage.talk().untaken(stream);
            if (event.isPresent()) {
                throw new Unmet("stream " + stream + ": " + event.get().shown() + " (expected: nothing)");
            }
        }
    }

    /** The answer has no such field. */
    record NoField(int stream, String name) implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            if (stage.answer(stream).fields().stream()
                    .anyMatch(field -> field.name().equals(name))) {
                throw new Unmet("stream " + stream + ": " + name + " in its answer (expected: none)");
            }
        }
    }

    /** At least so many bytes may be sent again. */
    record Credit(int stream, int bytes) implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            stage.talk().awaitCredit(stream, bytes);
        }
    }

    /** A setting that is not sent, or at least so much. */
    record SettingAtLeast(Setting setting, int least) implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            int value = stage.talk().setting(setting).orElse(least);
            if (Integer.compareUnsigned(value, least) < 0) {
                throw new Unmet(setting + ": " + value + " (expected: none, or at least " + least + ")");
            }
        }
    }

    /** A setting that is not sent. */
    record SettingAbsent(Setting setting) implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            Optional<Integer> value = stage.talk().setting(setting);
            if (value.isPresent()) {
                throw new Unmet(setting + ": " + value.get() + " (expected: not sent)");
            }
        }
    }

    /** So many SETTINGS frames of ours were acknowledged, the first among them. */
    record Acknowledged(int times) implements ExpectStep {
        @Override
        public void play(Stage stage) throws Unmet {
            stage.talk().awaitAcknowledged(times);
        }
    }

    /** @param words as they stand after {@code expect} */
    static ExpectStep parse(Words words, Content content) {
        return switch (words.next("what is expected")) {
            case "status" -> new Status(words.number(), words.next("a status"));
            case "malformed" -> new Malformed(words.number());
            case "reset" -> new Reset(words.number(), Http2Error.anyOf(words.next("error codes")));
            case "reset-or-error" ->
                new ResetOrConnectionError(words.number(), Http2Error.anyOf(words.next("error codes")));
            case "refused-or-error" -> new RefusedOrError(words.number(), Http2Error.anyOf(words.next("error codes")));
            case "bytes" -> new Received(words.number(), content.bytes());
            case "end" -> new End(words.number());
            case "error" -> new ConnectionError(Http2Error.anyOf(words.next("error codes")));
            case "closed" -> new Closed();
            case "alive" -> new Alive();
            case "alive-or-error" -> new AliveOrError(Http2Error.anyOf(words.next("error codes")));
            case "silence" -> new Silence(words.number());
            case "no-field" -> new NoField(words.number(), words.next("a name"));
            case "credit" -> new Credit(words.number(), words.number());
            case "at-least" -> new SettingAtLeast(Setting.valueOf(words.next("a setting")), words.number());
            case "absent" -> new SettingAbsent(Setting.valueOf(words.next("a setting")));
            case "acknowledged" -> new Acknowledged(words.number());
            case String other ->
                throw new IllegalArgumentException(
                        "expect: \"" + other + "\" (expected: status, malformed, reset, reset-or-error,"
                                + " refused-or-error, bytes, end, error, closed, alive, alive-or-error, silence, no-field, credit, at-least, absent or acknowledged)");
        };
    }
}
