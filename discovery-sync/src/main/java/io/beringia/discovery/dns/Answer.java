package io.beringia.discovery.dns;

import java.util.List;

/**
 * What is answered to a question.
 *
 * @param isAuthoritative whether the name is of a zone that is ours
 * @param authority who says so, where there is nothing
 * @param additional what the asker would ask for next
 */
public record Answer(
        Rcode code,
        boolean isAuthoritative,
        List<DnsRecord> answers,
        List<DnsRecord> authority,
        List<DnsRecord> additional) {
    public Answer {
        answers = List.copyOf(answers);
        authority = List.copyOf(authority);
        additional = List.copyOf(additional);
    }

    static Answer only(Rcode code) {
        return new Answer(code, false, List.of(), List.of(), List.of());
    }

    Answer withoutAdditional() {
        return new Answer(code, isAuthoritative, answers, authority, List.of());
    }
}
