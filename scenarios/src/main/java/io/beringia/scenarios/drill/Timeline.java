package io.beringia.scenarios.drill;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What was seen of the mesh while the load ran, in the order in which it was seen. Any thread. */
public final class Timeline {
    /** The observer whose words are decisions. */
    public static final String LEADER = "leader";

    /** The subject that is the plan which sites follow. */
    public static final String PLAN = "plan";

    /** How a word on the plan ends once all proxies of a site follow it. */
    public static final String ACKNOWLEDGED = "acknowledged";

    /** After the name of a region: how far it has come back. */
    public static final String RAMP = " ramp";

    private final List<Event> events = new CopyOnWriteArrayList<>();

    /**
     * One thing that somebody saw.
     *
     * @param atNanos since the start of the load, on its monotonic clock
     * @param observer who saw it
     * @param subject what it is about, such as a region
     * @param word what became of it
     */
    public record Event(long atNanos, String observer, String subject, String word) {}

    /** Notes it, unless that observer's last word on that subject is the same. */
    public void note(Event event) {
        if (!lastWord(event.observer(), event.subject()).equals(event.word())) {
            events.add(event);
        }
    }

    /** The last that this observer said of it; empty before it said anything. */
    public String lastWord(String observer, String subject) {
        return events.reversed().stream()
                .filter(one -> one.observer().equals(observer) && one.subject().equals(subject))
                .map(Event::word)
                .findFirst()
                .orElse("");
    }

    public List<Event> events() {
        return List.copyOf(events);
    }

    /** When anybody first said one of these words of that subject, not before {@code fromNanos}; in milliseconds. */
    public OptionalLong firstMillis(String subject, Set<String> words, long fromNanos) {
        return events.stream()
                .filter(event ->
                        event.subject().equals(subject) && words.contains(event.word()) && event.atNanos() >= fromNanos)
                .mapToLong(event -> TimeUnit.NANOSECONDS.toMillis(event.atNanos()))
                .min();
    }

    /**
     * For each observer of that subject but those, when it first said a word with that ending, not before
     * {@code fromNanos}.
     */
    public List<Long> firstMillisOfEach(String subject, String ending, long fromNanos, Set<String> but) {
        return events.stream()
                .filter(event -> event.subject().equals(subject)
                        && event.word().endsWith(ending)
                        && event.atNanos() >= fromNanos
                        && !but.contains(event.observer()))
                .collect(Collectors.toMap(
                        Event::observer,
                        event -> TimeUnit.NANOSECONDS.toMillis(event.atNanos()),
                        Math::min,
                        TreeMap::new))
                .values()
                .stream()
                .toList();
    }

    /** How often anybody came to say that word of that subject. */
    public long count(String subject, String word) {
        return events.stream()
                .filter(event -> event.subject().equals(subject) && event.word().equals(word))
                .count();
    }

    /** How many words were said of that subject in all. */
    public long count(String subject) {
        return events.stream().filter(event -> event.subject().equals(subject)).count();
    }
}
