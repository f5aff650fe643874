package io.beringia.discovery.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One condition of a Kubernetes label or field selector. */
sealed interface Requirement {
    boolean isMetBy(LabObject object);

    record All(List<Requirement> of) implements Requirement {
        public All {
            of = List.copyOf(of);
        }

        @Override
        public boolean isMetBy(LabObject object) {
            return of.stream().allMatch(one -> one.isMetBy(object));
        }
    }

    record Not(Requirement one) implements Requirement {
        @Override
        public boolean isMetBy(LabObject object) {
            return !one.isMetBy(object);
        }
    }

    record HasLabel(String name) implements Requirement {
        @Override
        public boolean isMetBy(LabObject object) {
            return object.hasLabel(name);
        }
    }

    record LabelIn(String name, Set<String> values) implements Requirement {
        public LabelIn {
            values = Set.copyOf(values);
        }

        @Override
        public boolean isMetBy(LabObject object) {
            return object.hasLabel(name) && values.contains(object.label(name));
        }
    }

    record FieldIs(String path, String value) implements Requirement {
        @Override
        public boolean isMetBy(LabObject object) {
            return object.json().at("/" + path.replace('.', '/')).asString("").equals(value);
        }
    }

    /** What a real API server can select by, of the kinds that the lab knows. */
    Set<String> FIELDS = Set.of("metadata.name", "metadata.namespace", "status.phase", "spec.nodeName");

    Pattern SET = Pattern.compile("\\s*(?<name>[^\\s!=,()]+)\\s+(?<op>in|notin)\\s*\\((?<values>[^()]*)\\)\\s*");
    Pattern EQUALITY = Pattern.compile("\\s*(?<name>[^\\s!=,()]+)\\s*(?<op>=|==|!=)\\s*(?<value>[^\\s!=,()]*)\\s*");
    Pattern PRESENCE = Pattern.compile("\\s*(?<not>!?)\\s*(?<name>[^\\s!=,()]+)\\s*");

    /** Between requirements, but not within the parentheses of a set. */
    Pattern COMMA = Pattern.compile(",(?![^(]*\\))");

    /** @throws IllegalArgumentException if it is no label selector */
    static Requirement ofLabels(String selector) {
        return selector.isBlank()
                ? new All(List.of())
                : new All(
                        COMMA.splitAsStream(selector).map(Requirement::ofLabel).toList());
    }

    /** @throws IllegalArgumentException if it is no field selector, or the field is not selectable */
    static Requirement ofFields(String selector) {
        return selector.isBlank()
                ? new All(List.of())
                : new All(
                        COMMA.splitAsStream(selector).map(Requirement::ofField).toList());
    }

    private static Requirement ofLabel(String text) {
        Matcher set = SET.matcher(text);
        if (set.matches()) {
            Set<String> values = Arrays.stream(set.group("values").split(",", -1))
                    .map(String::strip)
                    .collect(Collectors.toUnmodifiableSet());
            Requirement in = new LabelIn(set.group("name"), values);
            return set.group("op").equals("in") ? in : new Not(in);
        }
        Matcher equality = EQUALITY.matcher(text);
        if (equality.matches()) {
            Requirement is = new LabelIn(equality.group("name"), Set.of(equality.group("value")));
            return equality.group("op").equals("!=") ? new Not(is) : is;
        }
        Matcher presence = PRESENCE.matcher(text);
        if (presence.matches()) {
            Requirement has = new HasLabel(presence.group("name"));
            return presence.group("not").isEmpty() ? has : new Not(has);
        }
        throw new IllegalArgumentException(
                "label selector: \"" + text + "\" (expected: k, !k, k=v, k!=v, k in (v), k notin (v))");
    }

    private static Requirement ofField(String text) {
        Matcher equality = EQUALITY.matcher(text);
        if (!equality.matches() || !FIELDS.contains(equality.group("name"))) {
            throw new IllegalArgumentException("field selector: \"" + text + "\" (expected: = or != of "
                    + FIELDS.stream().sorted().toList() + ")");
        }
        Requirement is = new FieldIs(equality.group("name"), equality.group("value"));
        return equality.group("op").equals("!=") ? new Not(is) : is;
    }
}
