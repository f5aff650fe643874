package io.beringia.scenarios.connect;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What the steps of one case share: its connection, the backend, and the words that stand for the target's own names. Owned by
 * one case.
 */
record Stage(
        Conversation talk, BackendSeat backend, UnaryOperator<String> names, Map<Integer, StreamEvent.Answer> answers) {
    Stage(Conversation talk, BackendSeat backend, UnaryOperator<String> names) {
        this(talk, backend, names, new HashMap<>());
    }

    byte[] block(List<String> fields) {
        return Hpack.encode(fields.stream().map(names).map(Field::parse).toList());
    }

    /** The answer on a stream, which a case may look at more than once. */
    StreamEvent.Answer answer(int stream) throws Unmet {
        StreamEvent.Answer known = answers.get(stream);
        if (known != null) {
            return known;
        }
        StreamEvent event = talk.next(stream);
        if (event instanceof StreamEvent.Answer answer) {
            answers.put(stream, answer);
            return answer;
        }
        throw new Unmet("stream " + stream + ": " + event.shown() + " (expected: an answer)");
    }
}
