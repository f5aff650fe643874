package io.beringia.trust.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A moment, as people say it: so long ago, or at that time. */
final class Since {
    private static final Pattern AGO = Pattern.compile("([0-9]{1,6})([smhd])");

    private Since() {}

    /** Unix time in nanoseconds; throws {@link IllegalArgumentException} on what is neither. */
    static long nanos(String text, Instant now) {
        try {
            Matcher ago = AGO.matcher(text);
            Instant at = ago.matches() ? now.minus(unit(ago.group(2)).multipliedBy(number(ago))) : Instant.parse(text);
            return Math.addExact(TimeUnit.SECONDS.toNanos(at.getEpochSecond()), at.getNano());
        } catch (DateTimeException | ArithmeticException wrong) {
            throw new IllegalArgumentException(
                    "--since: \"" + AuditAnswer.shown(text) + "\" (expected: 90m, 24h, 7d or 2026-01-31T00:00:00Z)",
                    wrong);
        }
    }

    private static long number(Matcher ago) {
        return Long.parseLong(ago.group(1));
    }

    private static Duration unit(String letter) {
        return switch (letter) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
        };
    }
}
