package io.beringia.scenarios.connect;

import io.beringia.discovery.wire.YamlFields;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A step as it stands in the file; {@code {it}} in it is still open. */
record WrittenStep(Actor actor, String words, Content content) {
    private static final String IT = "{it}";

    /** Who does or sees it. */
    enum Actor {
        SEND,
        EXPECT,
        BACKEND
    }

    static WrittenStep read(YamlFields yaml) {
        List<WrittenStep> found = Stream.of(
                        word(yaml, "send", Actor.SEND),
                        word(yaml, "expect", Actor.EXPECT),
                        word(yaml, "backend", Actor.BACKEND))
                .flatMap(Optional::stream)
                .toList();
        Content content = Content.read(yaml);
        if (found.size() != 1) {
            throw new IllegalArgumentException(
                    "step: " + found.size() + " of send, expect and backend (expected: one of them)");
        }
        return new WrittenStep(found.getFirst().actor(), found.getFirst().words(), content);
    }

    private static Optional<WrittenStep> word(YamlFields yaml, String key, Actor actor) {
        return yaml.maybe(key, words -> new WrittenStep(actor, words, Content.NONE));
    }

    Step with(String it) {
        Words left = new Words(words.replace(IT, it));
        Content filled = content.with(text -> text.replace(IT, it));
        Step step = switch (actor) {
            case SEND -> SendStep.parse(left, filled);
            case EXPECT -> ExpectStep.parse(left, filled);
            case BACKEND -> BackendStep.parse(left, filled);
        };
        left.end();
        return step;
    }
}
