package io.beringia.trust.cli;

import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.LedgerEntry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code beringia audit who-called}: every client of a service, and every one that was refused. */
@Command(name = "who-called", description = "List who called a service, and who was refused.")
final class AuditWhoCalledCommand implements Callable<Integer> {
    private static final Pattern SERVICE = Pattern.compile("[a-z0-9._-]{1,253}(:[0-9]{1,5})?");

    @Parameters(paramLabel = "SERVICE", description = "Its hostname, with a port or without.")
    private String service = "";

    @Option(
            names = "--since",
            paramLabel = "AGO|TIME",
            description = "Only what was seen since then: 90m, 24h, 7d, or 2026-01-31T00:00:00Z.")
    private Optional<String> since = Optional.empty();

    @Mixin
    private AuditedLogs logs = new AuditedLogs();

    @Mixin
    private LogOptions options = new LogOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!SERVICE.matcher(service).matches()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "SERVICE: \"" + AuditAnswer.shown(service) + "\" (expected: such as cart.shop.svc.cluster.local)");
        }
        long from = since.map(this::nanos).orElse(0L);
        AuditedLogs.Found found = logs.find(options, entry -> isAsked(entry) && entry.timeNanos() >= from);
        new AuditAnswer(found, spec.commandLine().getOut(), logs.output()).whoCalled(service, since);
        return 0;
    }

    private long nanos(String text) {
        try {
            return Since.nanos(text, InstantSource.system().instant());
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private boolean isAsked(LedgerEntry entry) {
        return entry.octets(Field.CONNECTION).isPresent()
                && entry.text(Field.AUTHORITY)
                        .filter(authority -> authority.equals(service)
                                || authority
                                        .substring(0, Math.max(0, authority.lastIndexOf(':')))
                                        .equals(service))
                        .isPresent();
    }
}
