package io.beringia.trust.cli;

import io.beringia.trust.ledger.Decision;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.LedgerEntry;
import io.beringia.trust.ledger.LogReport;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** What an auditor reads, as a table or as JSON with the proofs in it. Owned by one command. */
record AuditAnswer(AuditedLogs.Found found, PrintWriter out, LedgerReport.Output output) {
    private static final String CALLER = "%-64s %8s %8s %8s %14s %14s  %-24s  %-24s%n";
    private static final String STEP = "%-24s %-8s %-64s %-48s %-64s %14s %14s  %-20s  %s%n";
    private static final int SHOWN_MAX = 256;

    /** One client of a service. */
    record Caller(
            String caller,
            long allowed,
            long refused,
            long open,
            long bytesUp,
            long bytesDown,
            String first,
            String last) {}

    /** One connection, with what proves each entry of it. */
    record Call(String id, String caller, boolean allowed, long bytesUp, long bytesDown, List<Step> entries) {}

    /**
     * One entry.
     *
     * @param proof a C2SP tlog-proof, whose extra data is the entry
     */
    record Step(
            String time,
            String decision,
            String caller,
            String vouchedBy,
            String service,
            String otherEnd,
            List<Long> bytes,
            String reason,
            String log,
            long index,
            String proof) {}

    record WhoCalled(
            String service, String since, List<LogReport> logs, List<Caller> callers, List<Call> connections) {}

    record Connection(String id, List<LogReport> logs, List<Step> entries) {}

    /** Text of somebody else, fit for a line. */
    static String shown(String text) {
        return text.chars()
                .limit(SHOWN_MAX)
                .map(c -> c >= 0x20 && c < 0x7f ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    void whoCalled(String service, Optional<String> since) {
        List<AuditedCall> calls = AuditedCall.of(found.entries());
        List<Caller> callers = callers(calls);
        if (output == LedgerReport.Output.json) {
            print(new WhoCalled(
                    service,
                    since.orElse(""),
                    found.logs(),
                    callers,
                    calls.stream().map(AuditAnswer::call).toList()));
            return;
        }
        out.printf(CALLER, "CALLER", "ALLOWED", "REFUSED", "OPEN", "BYTES UP", "BYTES DOWN", "FIRST", "LAST");
        callers.forEach(one -> out.printf(
                CALLER,
                one.caller(),
                one.allowed(),
                one.refused(),
                one.open(),
                one.bytesUp(),
                one.bytesDown(),
                one.first(),
                one.last()));
        out.println(calls.size() + " connections of " + callers.size() + " callers to " + service
                + since.map(" since "::concat).orElse(""));
        logs();
    }

    private static List<Caller> callers(List<AuditedCall> calls) {
        Map<String, List<AuditedCall>> byCaller =
                calls.stream().collect(Collectors.groupingBy(AuditedCall::caller, TreeMap::new, Collectors.toList()));
        return byCaller.entrySet().stream()
                .map(one -> caller(shown(one.getKey()), one.getValue()))
                .toList();
    }

    private static Caller caller(String name, List<AuditedCall> calls) {
        return new Caller(
                name,
                calls.stream().filter(AuditedCall::isAllowed).count(),
                calls.stream().filter(call -> !call.isAllowed()).count(),
                calls.stream()
                        .filter(call -> call.isAllowed() && !call.isClosed())
                        .count(),
                sum(calls, AuditedCall::bytesUp),
                sum(calls, AuditedCall::bytesDown),
                time(calls.stream().mapToLong(AuditedCall::firstNanos).min().orElse(0)),
                time(calls.stream().mapToLong(AuditedCall::lastNanos).max().orElse(0)));
    }

    private static long sum(List<AuditedCall> calls, ToLongFunction<AuditedCall> what) {
        return calls.stream().mapToLong(what).sum();
    }

    private static Call call(AuditedCall call) {
        return new Call(
                call.id(),
                shown(call.caller()),
                call.isAllowed(),
                call.bytesUp(),
                call.bytesDown(),
                call.entries().stream().map(AuditAnswer::step).toList());
    }

    void connection(String id) {
        List<Step> steps = found.entries().stream().map(AuditAnswer::step).toList();
        if (output == LedgerReport.Output.json) {
            print(new Connection(id, found.logs(), steps));
            return;
        }
        out.printf(STEP, "TIME", "WHAT", "CALLER", "SERVICE", "OTHER END", "BYTES UP", "BYTES DOWN", "REASON", "ENTRY");
        steps.forEach(one -> out.printf(
                STEP,
                one.time(),
                one.decision(),
                one.caller(),
                one.service(),
                one.otherEnd(),
                one.bytes().isEmpty() ? "-" : one.bytes().getFirst(),
                one.bytes().isEmpty() ? "-" : one.bytes().getLast(),
                one.reason(),
                one.index() + " of " + one.log()));
        logs();
    }

    private static Step step(AuditedLogs.Proven one) {
        LedgerEntry entry = one.entry();
        return new Step(
                time(entry.timeNanos()),
                AuditedCall.decision(entry).map(AuditAnswer::word).orElse("unknown"),
                text(entry, Field.SOURCE_ID),
                text(entry, Field.ACTOR),
                text(entry, Field.AUTHORITY),
                text(entry, Field.DESTINATION_ID),
                entry.numbers(Field.BYTES),
                text(entry, Field.REASON),
                one.log(),
                one.index(),
                new String(one.proof().bytes(), StandardCharsets.UTF_8));
    }

    private static String word(Decision decision) {
        return switch (decision) {
            case ALLOW -> "allowed";
            case DENY -> "refused";
            case CLOSE -> "closed";
        };
    }

    private static String text(LedgerEntry entry, Field field) {
        return shown(entry.text(field).orElse(""));
    }

    private static String time(long nanos) {
        return Instant.ofEpochSecond(0, nanos).truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** Without which the table is somebody's word. */
    private void logs() {
        for (LogReport log : found.logs()) {
            out.printf(
                    Locale.ROOT,
                    "verified %s: %d entries, cosigned by %s%n",
                    log.origin(),
                    log.size(),
                    log.witnesses().isEmpty()
                            ? "nobody"
                            : log.witnesses().stream().sorted().collect(Collectors.joining(", ")));
            if (log.lost() > 0) {
                out.println("note " + log.origin() + ": says that it lost " + log.lost() + " events");
            }
        }
    }

    private void print(Object answer) {
        out.println(JsonMapper.shared().writeValueAsString(answer));
    }
}
