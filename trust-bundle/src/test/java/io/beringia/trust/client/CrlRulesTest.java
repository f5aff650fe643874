package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.client.CrlRules.Outcome;
import io.beringia.trust.client.Forge.Forged;
import io.beringia.trust.pki.ParsedCrl;
import io.beringia.trust.pki.Pem;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.Test;

final class CrlRulesTest {
    private static final Pattern LIST = Pattern.compile("(\\w+)(?:#(\\d+))?@(\\d+):([\\w ]*)");
    private static final Map<String, Integer> SERIALS = Map.of("cart", 1, "web", 2, "shop", 3, "east", 4);

    private final Map<String, Forged> issuers = new ConcurrentHashMap<>();
    private final Map<String, byte[]> made = new ConcurrentHashMap<>();

    @Test
    void takes_from_a_file_what_the_script_says() {
        List<ParsedCrl> held = List.of();
        for (Script.Block block : Script.read("crl_files.txt").blocks()) {
            String command = block.commands().getFirst();
            Duration ago = command.contains("at rest") ? CrlRules.AT_REST : CrlRules.AT_REST.minusMillis(1);

            Outcome outcome = CrlRules.judge(
                    held, file(command.replaceFirst("file (at rest )?", "")), Forge.NOW.minus(ago), Forge.NOW);

            assertThat(said(outcome)).as(command).isEqualTo(block.expected().getFirst());
            held = outcome instanceof Outcome.Taken(List<ParsedCrl> taken) ? taken : held;
        }
    }

    private byte[] file(String what) {
        return switch (what) {
            case "nothing" -> new byte[0];
            case "text" -> "not a CRL".getBytes(StandardCharsets.US_ASCII);
            case "cut" -> ascii(pem(signed("east", plain())).substring(0, 200));
            case "many" ->
                ascii(IntStream.range(0, CrlRules.LISTS_MAX + 1)
                        .mapToObj(i -> pem(der("east", "", "0", "cart")))
                        .collect(Collectors.joining()));
            default -> LIST.matcher(what).find() ? lists(what) : ascii(pem(signed("east", wrong(what))));
        };
    }

    private byte[] lists(String what) {
        List<byte[]> ders = LIST.matcher(what).results().map(this::der).toList();
        if (what.startsWith("der")) {
            return ders.getFirst();
        }
        String certificates =
                what.startsWith("certificates") ? Pem.write(issuer("east").certificate()) : "";
        return ascii(certificates + ders.stream().map(CrlRulesTest::pem).collect(Collectors.joining()));
    }

    private byte[] der(MatchResult list) {
        return der(list.group(1), Optional.ofNullable(list.group(2)).orElse(""), list.group(3), list.group(4));
    }

    /** The same list is the same octets, as ECDSA would not make it. */
    private byte[] der(String issuer, String number, String minute, String revoked) {
        return made.computeIfAbsent(String.join("/", issuer, number, minute, revoked.strip()), _ -> {
            ForgedList list = new ForgedList(
                    Forge.NOW.plus(Duration.ofMinutes(Integer.parseInt(minute))), Forge.NOW.plus(Duration.ofHours(1)));
            if (!number.isEmpty()) {
                list.numbered(Integer.parseInt(number));
            }
            for (String name : revoked.strip().split(" ", -1)) {
                list.takingBack(BigInteger.valueOf(
                        Optional.ofNullable(SERIALS.get(name)).orElseThrow()));
            }
            return signed(issuer, list);
        });
    }

    private static ForgedList plain() {
        return new ForgedList(Forge.NOW, Forge.NOW.plus(Duration.ofHours(1))).numbered(9);
    }

    private static ForgedList wrong(String kind) {
        ForgedList list = plain();
        switch (kind) {
            case "delta" -> list.add(Extension.deltaCRLIndicator, true, new ASN1Integer(8));
            case "scoped" -> list.add(Extension.issuingDistributionPoint, true, new DERSequence());
            case "indirect" ->
                list.takingBack(
                        BigInteger.ONE,
                        Forge.extension(Extension.certificateIssuer, true, Forge.encoded(new DERSequence())));
            case "endless" -> list.nextUpdate = Optional.empty();
            case "v1" -> {
                list.isV2 = false;
                list.extensions.clear();
            }
            case "sha1" -> list.algorithm = "SHA1withECDSA";
            default -> throw new IllegalArgumentException(kind);
        }
        return list;
    }

    private byte[] signed(String issuer, ForgedList list) {
        return list.signedBy(issuer(issuer));
    }

    private Forged issuer(String name) {
        return issuers.computeIfAbsent(name, it -> Forge.ca("CN=" + it, 0).selfSigned());
    }

    private static String said(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Same _ -> "same";
            case Outcome.Waits _ -> "waits";
            case Outcome.Refused(String why) -> "refused: " + why;
            case Outcome.Taken(List<ParsedCrl> lists) when lists.isEmpty() -> "taken nothing";
            case Outcome.Taken(List<ParsedCrl> lists) ->
                lists.stream()
                        .map(list -> list.name()
                                .replaceFirst("CRL of CN=(\\w+)(, number )?", "$1#")
                                .replaceFirst("#$", ""))
                        .collect(Collectors.joining(", ", "taken ", ""));
        };
    }

    private static String pem(byte[] der) {
        return "-----BEGIN X509 CRL-----\n" + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END X509 CRL-----\n";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
