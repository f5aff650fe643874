package io.beringia.scenarios.connect;

import java.util.List;

/** What the other side said on one stream, in its order. */
sealed interface StreamEvent {
    record Answer(List<Field> fields) implements StreamEvent {
        public Answer {
            fields = List.copyOf(fields);
        }

        String status() {
            return fields.stream()
                    .filter(field -> field.name().equals(":status"))
                    .map(Field::value)
                    .findFirst()
                    .orElse("none");
        }
    }

    record Received(Bytes bytes) implements StreamEvent {}

    /** END_STREAM. */
    record Ended() implements StreamEvent {}

    record WasReset(int code) implements StreamEvent {}

    /** For a report. */
    default String shown() {
        return switch (this) {
            case Answer answer -> "status " + answer.status();
            case Received received -> received.bytes().toString();
            case Ended _ -> "END_STREAM";
            case WasReset was -> "RST_STREAM(" + Http2Error.word(was.code()) + ")";
        };
    }
}
