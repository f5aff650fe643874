package io.beringia.trust.cli;

import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.LedgerEntry;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code beringia audit connection}: all that gateways wrote down of one connection. */
@Command(name = "connection", description = "Tell what became of one connection, at both of its gateways.")
final class AuditConnectionCommand implements Callable<Integer> {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final int NOTHING_FOUND = 1;

    @Parameters(paramLabel = "ID", description = "32 hexadecimal digits, as in access logs.")
    private String id = "";

    @Mixin
    private AuditedLogs logs = new AuditedLogs();

    @Mixin
    private LogOptions options = new LogOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        String digits = id.replace("-", "").toLowerCase(Locale.ROOT);
        if (!ID.matcher(digits).matches()) {
            throw new ParameterException(
                    spec.commandLine(), "ID: \"" + AuditAnswer.shown(id) + "\" (expected: 32 hexadecimal digits)");
        }
        AuditedLogs.Found found = logs.find(options, is(HexFormat.of().parseHex(digits)));
        if (found.entries().isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("connection " + digits + ": in none of "
                            + found.logs().size()
                            + " logs (expected: one that a gateway of theirs carried or refused)");
            return NOTHING_FOUND;
        }
        new AuditAnswer(found, spec.commandLine().getOut(), logs.output()).connection(digits);
        return 0;
    }

    private static Predicate<LedgerEntry> is(byte[] id) {
        return entry -> entry.octets(Field.CONNECTION)
                .filter(it -> Arrays.equals(it, id))
                .isPresent();
    }
}
