package io.beringia.scenarios.connect;

import io.beringia.discovery.wire.YamlFields;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a step carries beside its words: fields, or bytes as text, as hexadecimal digits, or as so many of a pattern. */
record Content(List<String> fields, Optional<String> text, Optional<Bytes> hex, Optional<Integer> size) {
    static final Content NONE = new Content(List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    Content {
        fields = List.copyOf(fields);
    }

    Content with(UnaryOperator<String> change) {
        return new Content(fields.stream().map(change).toList(), text.map(change), hex, size);
    }

    static Content read(YamlFields yaml) {
        return new Content(
                yaml.list("fields", text -> text),
                yaml.maybe("text", text -> text),
                yaml.maybe("hex", text -> Bytes.of(HexFormat.of().parseHex(text.replace(" ", "")))),
                yaml.maybe("size", Integer::valueOf));
    }

    Bytes bytes() {
        return text.map(Bytes::of)
                .or(() -> hex)
                .or(() -> size.map(Bytes::pattern))
                .orElse(Bytes.of(""));
    }
}
