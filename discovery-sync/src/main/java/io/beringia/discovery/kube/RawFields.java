package io.beringia.discovery.kube;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fields of an object that fabric8 has no model for. Whatever is not there, or is something else, is absent. */
record RawFields(Map<?, ?> all) {
    private static final RawFields NONE = new RawFields(Map.of());

    static RawFields of(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? new RawFields(map) : NONE;
    }

    boolean has(String name) {
        return all.get(name) != null;
    }

    boolean isList(String name) {
        return all.get(name) instanceof List<?>;
    }

    boolean isObject(String name) {
        return all.get(name) instanceof Map<?, ?>;
    }

    /** Of those that have a value. */
    Set<String> names() {
        return all.entrySet().stream()
                .filter(field -> field.getValue() != null)
                .map(field -> String.valueOf(field.getKey()))
                .collect(Collectors.toSet());
    }

    String text(String name) {
        return all.get(name) instanceof String text ? text : "";
    }

    OptionalInt number(String name) {
        return all.get(name) instanceof Number number ? OptionalInt.of(number.intValue()) : OptionalInt.empty();
    }

    RawFields object(String name) {
        return of(all.get(name));
    }

    /** Only the objects among the elements. */
    Stream<RawFields> objects(String name) {
        return elements(name).filter(Map.class::isInstance).map(RawFields::of);
    }

    /** Only the texts among the elements. */
    List<String> words(String name) {
        return elements(name)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    Stream<?> elements(String name) {
        return all.get(name) instanceof List<?> list ? list.stream() : Stream.empty();
    }

    /** As labels are. */
    Map<String, String> texts(String name) {
        Map<String, String> texts = new HashMap<>();
        object(name).all.forEach((key, value) -> {
            if (key instanceof String word && value instanceof String text) {
                texts.put(word, text);
            }
        });
        return texts;
    }
}
