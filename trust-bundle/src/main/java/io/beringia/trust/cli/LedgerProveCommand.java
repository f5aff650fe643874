package io.beringia.trust.cli;

import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.LedgerEntry;
import io.beringia.trust.ledger.LedgerProof;
import io.beringia.trust.ledger.LedgerProver;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code beringia ledger prove}: files by which anybody can check offline that something stands in a log. */
@Command(name = "prove", description = "Write proofs of a connection, a certificate or a decision.")
final class LedgerProveCommand implements Callable<Integer> {
    private static final Pattern DECISION = Pattern.compile("([0-9]{1,18})/([0-9]{1,18})");
    private static final int NOTHING_FOUND = 1;

    @Option(names = "--log", required = true, paramLabel = "DIR|URL", description = "The log in which it stands.")
    private String log = "";

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Wanted wanted = new Wanted();

    @Option(
            names = "--dir",
            defaultValue = ".",
            paramLabel = "DIR",
            description = "Where the proofs go (default: ${DEFAULT-VALUE}).")
    private Path folder = Path.of(".");

    @Mixin
    private LogOptions options = new LogOptions();

    @Spec
    private CommandSpec spec;

    /** What the proofs are to be of. */
    static final class Wanted {
        @Option(names = "--conn", paramLabel = "ID", description = "A connection, 32 hexadecimal digits.")
        private Optional<String> connection = Optional.empty();

        @Option(names = "--serial", paramLabel = "HEX", description = "A certificate by its serial number.")
        private Optional<String> serial = Optional.empty();

        @Option(names = "--decision", paramLabel = "EPOCH/SEQ", description = "A decision of failover.")
        private Optional<String> decision = Optional.empty();

        boolean isGiven() {
            return connection.isPresent() || serial.isPresent() || decision.isPresent();
        }

        Predicate<LedgerEntry> predicate() {
            return connection
                    .map(Wanted::ofConnection)
                    .or(() -> serial.map(Wanted::ofSerial))
                    .orElseGet(() -> ofDecision(decision.orElse("")));
        }

        private static Predicate<LedgerEntry> ofConnection(String hex) {
            byte[] id = octets("--conn", hex.replace("-", ""));
            return entry -> entry.octets(Field.CONNECTION)
                    .filter(it -> Arrays.equals(it, id))
                    .isPresent();
        }

        private static Predicate<LedgerEntry> ofSerial(String hex) {
            String digits = hex.replace(":", "");
            BigInteger serial = new BigInteger(1, octets("--serial", digits.length() % 2 == 0 ? digits : "0" + digits));
            return entry -> entry.octets(Field.SERIAL)
                    .filter(it -> new BigInteger(1, it).equals(serial))
                    .isPresent();
        }

        private static byte[] octets(String option, String hex) {
            try {
                return HexFormat.of().parseHex(hex);
            } catch (IllegalArgumentException bad) {
                throw new IllegalArgumentException(option + ": \"" + hex + "\" (expected: hexadecimal digits)", bad);
            }
        }

        private static Predicate<LedgerEntry> ofDecision(String text) {
            Matcher parts = DECISION.matcher(text);
            if (!parts.matches()) {
                throw new IllegalArgumentException("--decision: \"" + text + "\" (expected: epoch/seq, such as 7/12)");
            }
            Optional<Long> epoch = Optional.of(Long.parseLong(parts.group(1)));
            Optional<Long> seq = Optional.of(Long.parseLong(parts.group(2)));
            return entry -> entry.number(Field.EPOCH).equals(epoch)
                    && entry.number(Field.DECISION_SEQ).equals(seq);
        }
    }

    @Override
    public Integer call() throws IOException {
        if (!wanted.isGiven()) {
            throw new ParameterException(
                    spec.commandLine(), "nothing to prove (expected: --conn, --serial or --decision)");
        }
        List<LedgerProof> proofs = LedgerProver.of(options.open(log)).prove(wanted.predicate());
        Files.createDirectories(folder);
        for (LedgerProof proof : proofs) {
            Path file = folder.resolve("entry-" + proof.index() + ".tlog-proof");
            Files.write(file, proof.bytes(), StandardOpenOption.CREATE_NEW);
            spec.commandLine()
                    .getOut()
                    .println(file + ": " + LedgerEntry.parse(proof.extra().orElseThrow()));
        }
        if (proofs.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("nothing found in " + log + " (expected: an entry that its checkpoint covers)");
        }
        return proofs.isEmpty() ? NOTHING_FOUND : 0;
    }
}
