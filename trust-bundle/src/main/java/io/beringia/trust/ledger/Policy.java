package io.beringia.trust.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which logs are known, and which of their witnesses must have seen a checkpoint: C2SP tlog-policy.
 *
 * @param witnesses by the names that the policy gives them
 * @param groups by name; a group refers only to names before it
 * @param quorum a witness or group; empty where no witness is asked
 */
public record Policy(
        List<Party> logs, Map<String, Party> witnesses, Map<String, Group> groups, Optional<String> quorum) {
    public Policy {
        logs = List.copyOf(logs);
        witnesses = Map.copyOf(witnesses);
        groups = Map.copyOf(groups);
    }

    /** Somebody who signs, and where to be found. */
    public record Party(NoteKey key, Optional<String> url) {}

    /** At least {@code threshold} of these. */
    public record Group(int threshold, List<String> members) {
        public Group {
            members = List.copyOf(members);
        }
    }

    /** Throws {@link IllegalArgumentException} that names the line. */
    public static Policy parse(String text) {
        return new Reader().read(text);
    }

    public PolicyVerdict judge(SignedNote note) {
        try {
            Checkpoint checkpoint = Checkpoint.parse(note.text());
            if (logs.stream()
                    .noneMatch(log -> log.key().name().equals(checkpoint.origin()) && note.isSignedBy(log.key()))) {
                return new PolicyVerdict.Refused("checkpoint: of " + checkpoint.origin()
                        + ", signed by no log of the policy (expected: one of "
                        + logs.stream().map(log -> log.key().name()).toList() + ")");
            }
            Set<String> seen = seenBy(note);
            return quorum.filter(name -> !isMet(name, seen)).isEmpty()
                    ? new PolicyVerdict.Accepted(checkpoint, seen)
                    : new PolicyVerdict.Refused(
                            "checkpoint: cosigned by " + seen + " (expected: quorum " + quorum.orElseThrow() + ")");
        } catch (IllegalArgumentException spoilt) {
            return new PolicyVerdict.Refused(String.valueOf(spoilt.getMessage()));
        }
    }

    private Set<String> seenBy(SignedNote note) {
        Set<String> seen = new HashSet<>();
        witnesses.forEach((name, witness) -> {
            if (note.isSignedBy(witness.key())) {
                seen.add(name);
            }
        });
        return seen;
    }

    private boolean isMet(String name, Set<String> seen) {
        Group group = groups.get(name);
        return group == null
                ? seen.contains(name)
                : group.members().stream().filter(member -> isMet(member, seen)).count() >= group.threshold();
    }

    /** Reads one policy. Owned by {@link #parse}. */
    private static final class Reader {
        private static final String NONE = "none";
        private static final int LINES_MAX = 1_000;

        private final List<Party> logs = new ArrayList<>();
        private final Map<String, Party> witnesses = new LinkedHashMap<>();
        private final Map<String, Group> groups = new LinkedHashMap<>();
        private final Set<String> grouped = new HashSet<>();
        private final Map<String, String> keys = new HashMap<>();
        private Optional<String> quorum = Optional.empty();

        Policy read(String text) {
            List<String> lines = List.of(text.split("\n", -1));
            if (lines.size() > LINES_MAX) {
                throw new IllegalArgumentException(
                        "policy: " + lines.size() + " lines (expected: at most " + LINES_MAX + ")");
            }
            for (int i = 0; i < lines.size(); i++) {
                read(i + 1, lines.get(i).strip());
            }
            String named = quorum.orElseThrow(() ->
                    new IllegalArgumentException("policy: no quorum (expected: one line, such as \"quorum none\")"));
            return new Policy(logs, witnesses, groups, named.equals(NONE) ? Optional.empty() : quorum);
        }

        private void read(int number, String line) {
            if (line.isEmpty() || line.startsWith("#")) {
                return;
            }
            try {
                understand(List.of(line.split("[ \t]+")));
            } catch (IllegalArgumentException bad) {
                throw new IllegalArgumentException("policy, line " + number + ": " + bad.getMessage(), bad);
            }
        }

        private void understand(List<String> words) {
            switch (words.getFirst()) {
                case "log" -> logs.add(party(words, 1, NoteKey.Type.NOTE));
                case "witness" -> {
                    String name = newName(words);
                    witnesses.put(name, party(words, 2, NoteKey.Type.COSIGNATURE));
                }
                case "group" -> {
                    String name = newName(words);
                    groups.put(name, group(words));
                }
                case "quorum" -> quorum(words);
                default ->
                    throw new IllegalArgumentException(
                            Quoted.of(words.getFirst()) + " (expected: log, witness, group or quorum)");
            }
        }

        private Party party(List<String> words, int at, NoteKey.Type type) {
            if (words.size() <= at || words.size() > at + 2) {
                throw new IllegalArgumentException((words.size() - 1) + " words (expected: a vkey, perhaps a URL)");
            }
            NoteKey key = NoteKey.parse(words.get(at));
            if (key.type() != type) {
                throw new IllegalArgumentException(
                        "vkey of " + key.name() + ": " + key.type() + " (expected: " + type + ")");
            }
            String before = keys.putIfAbsent(key.material(), key.name());
            if (before != null) {
                throw new IllegalArgumentException("key of " + key.name() + " (expected: once, " + before + " has it)");
            }
            return new Party(key, words.stream().skip(at + 1L).findFirst());
        }

        private String newName(List<String> words) {
            String name = words.size() < 2 ? "" : words.get(1);
            if (name.isEmpty() || name.equals(NONE) || isKnown(name)) {
                throw new IllegalArgumentException("name: " + Quoted.of(name) + " (expected: a new one)");
            }
            return name;
        }

        private Group group(List<String> words) {
            List<String> members = words.subList(Math.min(3, words.size()), words.size());
            if (members.isEmpty()) {
                throw new IllegalArgumentException("group: no members (expected: name, all, any or a number, members)");
            }
            for (String member : members) {
                if (!isKnown(member) || !grouped.add(member)) {
                    throw new IllegalArgumentException(
                            "member: " + Quoted.of(member) + " (expected: a name before it, in no other group)");
                }
            }
            return new Group(threshold(words.get(2), members.size()), members);
        }

        private static int threshold(String word, int members) {
            long threshold = switch (word) {
                case "all" -> members;
                case "any" -> 1;
                default -> Checkpoint.decimal("threshold", word);
            };
            if (threshold < 1 || threshold > members) {
                throw new IllegalArgumentException("threshold: " + threshold + " (expected: 1 to " + members + ")");
            }
            return (int) threshold;
        }

        private void quorum(List<String> words) {
            if (words.size() != 2 || quorum.isPresent() || !words.get(1).equals(NONE) && !isKnown(words.get(1))) {
                throw new IllegalArgumentException(
                        "quorum: " + words.subList(1, words.size()) + " (expected: once, none or a name before it)");
            }
            quorum = Optional.of(words.get(1));
        }

        private boolean isKnown(String name) {
            return witnesses.containsKey(name) || groups.containsKey(name);
        }
    }

    /** Reads the octets of a policy file, in which only names and comments may be other than ASCII. */
    public static Policy parse(byte[] octets) {
        return parse(Utf8Text.parse("policy", octets));
    }
}
