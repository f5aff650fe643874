package io.beringia.scenarios.connect;

import io.beringia.discovery.wire.YamlFields;
import java.util.List;
import java.util.Locale;

/**
 * One case: what is sent, what must come, and the sentence on which that rests.
 *
 * @param name a sentence in snake case, with the value in brackets where a case is played with several
 * @param restsOn a public document and its section
 * @param says what that section says
 */
public record SuiteCase(String group, String name, String restsOn, String says, Opening opening, List<Step> steps) {
    public SuiteCase {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException(name + ": no steps (expected: at least one)");
        }
    }

    /** How the connection of a case begins. */
    enum Start {
        /** Preface, SETTINGS both ways. */
        GREETED,
        /** The handshake only: the case speaks first. */
        SILENT,
        /** Without a client certificate; a failed handshake is a closed connection. */
        NOBODY,
        /** With a certificate, but no {@code h2}. */
        OTHER_PROTOCOL;

        static Start parse(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
        }

        boolean needsTls() {
            return this == NOBODY || this == OTHER_PROTOCOL;
        }
    }

    /**
     * The first words of a connection.
     *
     * @param settings of ours, {@code NAME=VALUE}
     * @param givesCredit whether bytes that came are credited at once
     */
    record Opening(Start start, List<String> settings, boolean givesCredit) {
        Opening {
            settings = List.copyOf(settings);
        }
    }

    /** As many cases as the entry has values in {@code each}, or one. */
    static List<SuiteCase> read(String group, YamlFields yaml) {
        String name = yaml.required("case", "none", text -> text);
        String restsOn = yaml.required("rests-on", "none", text -> text);
        String says = yaml.required("says", "none", text -> text);
        Opening opening = new Opening(
                yaml.optional("start", Start.GREETED, Start::parse),
                yaml.list("settings", text -> text),
                yaml.optional("credit", true, Boolean::valueOf));
        List<WrittenStep> steps = yaml.listOf("steps", WrittenStep::read);
        List<String> each = yaml.list("each", text -> text);
        return each.isEmpty()
                ? List.of(new SuiteCase(group, name, restsOn, says, opening, played(steps, "")))
                : each.stream()
                        .map(it -> new SuiteCase(
                                group, name + "[" + escaped(it) + "]", restsOn, says, opening, played(steps, it)))
                        .toList();
    }

    private static List<Step> played(List<WrittenStep> steps, String it) {
        return steps.stream().map(step -> step.with(it)).toList();
    }

    /** As it may stand in a name. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars()
                .forEach(c ->
                        escaped.append(c >= ' ' && c < 0x7f ? String.valueOf((char) c) : String.format("\\x%02x", c)));
        return escaped.toString();
    }
}
