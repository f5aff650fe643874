package io.beringia.trust.rotator;

import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.rotation.Change;
import io.beringia.trust.rotation.Pace;
import io.beringia.trust.rotation.RootId;
import io.beringia.trust.rotation.RotationPhase;
import io.beringia.trust.rotation.RotationPhase.Activating;
import io.beringia.trust.rotation.RotationPhase.Changing;
import io.beringia.trust.rotation.RotationPhase.Stable;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A {@link RotationState} as lines of a word and its value, the last one a digest of all others. There is one text for
 * each state; every other is refused. Pure.
 */
final class RotationText {
    private static final String HEAD = "beringia root rotation 1";
    private static final String URGENT = "urgent-";

    private RotationText() {}

    static String write(RotationState state) {
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        switch (state.phase()) {
            case Stable at -> line(text, "root", at.root().sha256());
            case Changing at -> changing(text, at);
        }
        line(text, "phase", state.phase().word());
        line(text, "generation", String.valueOf(state.phase().generation()));
        line(text, "by-hand", String.valueOf(state.isByHand()));
        line(
                text,
                "destroyed",
                joined(state.destroyed().stream().map(RootId::sha256).sorted().toList()));
        line(
                text,
                "waived",
                joined(new TreeMap<>(state.waived())
                        .entrySet().stream()
                                .map(one -> one.getKey() + "=" + one.getValue())
                                .toList()));
        line(text, "by", state.by());
        line(text, "reason", state.reason());
        if (!state.lead().equals(Lead.NONE)) {
            line(text, "lead", state.lead().toString());
        }
        return text + "sha256 " + digest(text.toString()) + "\n";
    }

    private static void changing(StringBuilder text, Changing at) {
        line(text, "from", at.change().from().sha256());
        line(text, "to", at.change().to().sha256());
        line(
                text,
                "pace",
                switch (at.change().pace()) {
                    case Pace.Careful _ -> "careful";
                    case Pace.Urgent(int percent) -> URGENT + percent;
                });
        line(text, "since", at.since().toString());
        line(text, "begun", at instanceof Activating activating ? joined(activating.begun()) : "");
    }

    private static void line(StringBuilder text, String word, String value) {
        text.append(word).append(' ').append(value).append('\n');
    }

    private static String joined(Collection<String> words) {
        return String.join(" ", words);
    }

    /** The inverse of {@link #write}; throws {@link IllegalArgumentException} on every other text. */
    static RotationState read(String text) {
        try {
            RotationState state = state(lines(text));
            if (!write(state).equals(text)) {
                throw new IllegalArgumentException("digest or order of lines: another (expected: as we wrote it)");
            }
            return state;
        } catch (DateTimeException | NumberFormatException unreadable) {
            throw new IllegalArgumentException("a time or number: unreadable (expected: as we wrote it)", unreadable);
        }
    }

    private static Map<String, String> lines(String text) {
        Map<String, String> lines = new HashMap<>();
        text.lines().filter(line -> line.indexOf(' ') > 0).forEach(line -> {
            int space = line.indexOf(' ');
            lines.put(line.substring(0, space), line.substring(space + 1));
        });
        return lines;
    }

    private static RotationState state(Map<String, String> lines) {
        return new RotationState(
                phase(lines),
                value(lines, "by-hand").equals("true"),
                words(lines, "destroyed").stream().map(RootId::new).collect(Collectors.toSet()),
                words(lines, "waived").stream()
                        .collect(Collectors.toMap(
                                one -> one.substring(0, Math.max(0, one.lastIndexOf('='))),
                                one -> Instant.parse(one.substring(one.lastIndexOf('=') + 1)))),
                value(lines, "by"),
                value(lines, "reason"),
                Optional.ofNullable(lines.get("lead")).map(Lead::parse).orElse(Lead.NONE));
    }

    private static RotationPhase phase(Map<String, String> lines) {
        String word = value(lines, "phase");
        long generation = Long.parseLong(value(lines, "generation"));
        if (word.equals("stable")) {
            return new Stable(new RootId(value(lines, "root")), generation);
        }
        Change change = new Change(
                new RootId(value(lines, "from")), new RootId(value(lines, "to")), pace(value(lines, "pace")));
        Instant since = Instant.parse(value(lines, "since"));
        return switch (word) {
            case "prepared" -> new RotationPhase.Prepared(change, generation, since);
            case "publishing" -> new RotationPhase.Publishing(change, generation, since);
            case "published" -> new RotationPhase.Published(change, generation, since);
            case "canary" -> new RotationPhase.Canary(change, generation, since);
            case "activating" -> new Activating(change, generation, since, words(lines, "begun"));
            case "active" -> new RotationPhase.Active(change, generation, since);
            case "draining" -> new RotationPhase.Draining(change, generation, since);
            case "retiring" -> new RotationPhase.Retiring(change, generation, since);
            case "retired" -> new RotationPhase.Retired(change, generation, since);
            case "rolling-back" -> new RotationPhase.RollingBack(change, generation, since);
            case "withdrawing" -> new RotationPhase.Withdrawing(change, generation, since);
            default -> throw new IllegalArgumentException("phase: unknown (expected: one of ours)");
        };
    }

    private static Pace pace(String text) {
        return text.startsWith(URGENT)
                ? new Pace.Urgent(Integer.parseInt(text.substring(URGENT.length())))
                : new Pace.Careful();
    }

    private static List<String> words(Map<String, String> lines, String word) {
        String value = value(lines, word);
        return value.isEmpty() ? List.of() : Arrays.asList(value.split(" "));
    }

    private static String value(Map<String, String> lines, String word) {
        return Optional.ofNullable(lines.get(word))
                .orElseThrow(() -> new IllegalArgumentException("no line " + word + " (expected: one)"));
    }

    private static String digest(String text) {
        return Fingerprint.sha256(text.getBytes(StandardCharsets.UTF_8));
    }
}
