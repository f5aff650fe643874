package io.beringia.trust.cli;

import io.beringia.trust.client.DurableFile;
import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.CrlDraft;
import io.beringia.trust.pki.ParsedCertificate;
import io.beringia.trust.pki.ParsedCrl;
import io.beringia.trust.pki.PemFile;
import io.beringia.trust.pki.RevocationReason;
import io.beringia.trust.pki.X509;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code beringia ca crl}: takes certificates back, or says again which were. The list of one CA is written anew; those of
 * the others in the same file stay as they are.
 */
@Command(
        name = "crl",
        description =
                "Take certificates back: write ca-crl.pem with the revocation lists of the root and the intermediates.")
final class CrlCommand implements Callable<Integer> {
    private static final int DAYS_MAX = 3_650;

    @Option(names = "--name", description = "Cluster whose intermediate signs (default: the root signs).")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--revoke",
            paramLabel = "FILE",
            description = "PEM of a certificate to take back, the first of the file; may be repeated.")
    private List<Path> files = List.of();

    @Option(names = "--serial", paramLabel = "HEX", description = "Serial number to take back; may be repeated.")
    private List<String> serials = List.of();

    @Option(
            names = "--reason",
            defaultValue = "unspecified",
            converter = ReasonConverter.class,
            description = "Why, in the words of RFC 5280, as key-compromise (default: ${DEFAULT-VALUE}).")
    private RevocationReason reason = RevocationReason.UNSPECIFIED;

    @Option(
            names = "--days",
            defaultValue = "30",
            description = "The next list comes within so many days (default: ${DEFAULT-VALUE}).")
    private int days = 30;

    @Mixin
    private CaOptions options = new CaOptions();

    @Mixin
    private KeyOptions keys = new KeyOptions();

    @Spec
    private CommandSpec spec;

    private final InstantSource clock = InstantSource.system();

    /** As picocli asks for it. */
    static final class ReasonConverter implements picocli.CommandLine.ITypeConverter<RevocationReason> {
        @Override
        public RevocationReason convert(String text) {
            return RevocationReason.parse(text);
        }
    }

    /** One list of the file as JSON shows it. */
    record Line(String list, int revoked, String nextUpdate, boolean overdue) {}

    /** The report as JSON shows it. */
    record Whole(String file, List<Line> lists) {}

    @Override
    public Integer call() {
        options.check();
        if (days < 1 || days > DAYS_MAX) {
            throw new IllegalArgumentException("--days: " + days + " (expected: 1 to " + DAYS_MAX + ")");
        }
        CaFolder folder = options.folder();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        CaSigner signer = signer(folder, now);
        Path file = folder.revoked();
        List<ParsedCrl> before = Files.exists(file) ? ParsedCrl.parseAll(PemFile.octets(file)) : List.of();
        List<ParsedCrl> after = updated(before, signer, now);
        write(file, after);
        if (areNamesakes(after, signer)) {
            spec.commandLine()
                    .getErr()
                    .println("warning: " + file + ": also a list of another key under the same name"
                            + " (expected: none, a ztunnel refuses whom either key signed)");
        }
        return print(file, after, now);
    }

    private CaSigner signer(CaFolder folder, Instant now) {
        if (name.isEmpty()) {
            return CaFolder.signer(folder.rootKey(), keys.custody(), folder.rootCert(), now);
        }
        Path own = folder.cluster(name.get());
        CaSigner signer = CaFolder.signer(own.resolve("ca-key.pem"), keys.custody(), own.resolve("ca-cert.pem"), now);
        boolean maySign = parsed(signer)
                .extensions()
                .keyUsage()
                .filter(it -> it.crlSign())
                .isPresent();
        if (!maySign) {
            throw new IllegalArgumentException(own.resolve("ca-cert.pem")
                    + ": key usage without cRLSign, nobody would believe its list (expected: one made with --crl-sign; its root"
                    + " can take it back whole, a denylist what it issued)");
        }
        return signer;
    }

    private List<ParsedCrl> updated(List<ParsedCrl> before, CaSigner signer, Instant now) {
        byte[] key = signer.certificate().getPublicKey().getEncoded();
        byte[] subject = parsed(signer).subject();
        List<ParsedCrl> own = before.stream()
                .filter(list -> list.isOf(subject) && list.isSignedBy(key))
                .toList();
        Optional<ParsedCrl> last =
                own.stream().max(Comparator.comparing(list -> list.number().orElse(BigInteger.ZERO)));
        ParsedCrl next = new CrlDraft(
                        last,
                        last.flatMap(ParsedCrl::number).orElse(BigInteger.ZERO).add(BigInteger.ONE),
                        now,
                        now.plus(Duration.ofDays(days)),
                        wanted(signer))
                .signedBy(signer);
        List<ParsedCrl> after = new ArrayList<>(before);
        after.removeAll(own);
        after.add(next);
        return after;
    }

    /** rustls-webpki takes the first list of an issuer's name and fails where another key signed it. */
    private static boolean areNamesakes(List<ParsedCrl> lists, CaSigner signer) {
        byte[] subject = parsed(signer).subject();
        return lists.stream().filter(list -> list.isOf(subject)).count() > 1;
    }

    private SortedMap<BigInteger, RevocationReason> wanted(CaSigner signer) {
        SortedMap<BigInteger, RevocationReason> wanted = new TreeMap<>();
        files.forEach(file -> wanted.put(serialOf(file, signer), reason));
        serials.forEach(text -> wanted.put(serialOf(text), reason));
        return wanted;
    }

    private static BigInteger serialOf(Path file, CaSigner signer) {
        ParsedCertificate certificate =
                ParsedCertificate.parse(X509.encoded(PemFile.certificates(file).getFirst()));
        if (!certificate.isSignedBy(parsed(signer))) {
            throw new IllegalArgumentException(file + ": of another issuer (expected: one that "
                    + signer.certificate().getSubjectX500Principal() + " signed; --name says whose list it is)");
        }
        return certificate.serial();
    }

    private static BigInteger serialOf(String text) {
        String digits = text.replace(":", "");
        if (!digits.matches("[0-9A-Fa-f]{1,40}")) {
            throw new IllegalArgumentException("--serial: no serial (expected: 1 to 40 hexadecimal digits)");
        }
        return new BigInteger(digits, 16);
    }

    private static ParsedCertificate parsed(CaSigner signer) {
        return ParsedCertificate.parse(X509.encoded(signer.certificate()));
    }

    private static void write(Path file, List<ParsedCrl> lists) {
        try {
            DurableFile.write(file, ParsedCrl.write(lists).getBytes(StandardCharsets.US_ASCII));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException e) {
            throw new UncheckedIOException("file: " + file + " (expected: a folder we may write to)", e);
        }
    }

    private int print(Path file, List<ParsedCrl> lists, Instant now) {
        List<Line> lines = lists.stream()
                .map(list -> new Line(
                        list.name(),
                        list.serials().size(),
                        list.nextUpdate().toString(),
                        now.isAfter(list.nextUpdate())))
                .toList();
        if (options.json()) {
            spec.commandLine()
                    .getOut()
                    .println(JsonMapper.shared().writeValueAsString(new Whole(file.toString(), lines)));
        } else {
            spec.commandLine().getOut().println("written " + file);
            lines.forEach(line -> spec.commandLine()
                    .getOut()
                    .println(line.list() + ": takes back " + line.revoked() + ", next update "
                            + (line.overdue() ? "was due " : "") + line.nextUpdate()));
        }
        return 0;
    }
}
