package io.beringia.trust.issuance;

import io.beringia.scenarios.fuzz.Choices;
import io.beringia.scenarios.fuzz.Resigned;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.pki.CertificateRequest;
import io.beringia.trust.pki.KeyPairs;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Signing requests: only the caller's own identity is ever signed, for a key that the request proves. */
public final class RequestsFuzz {
    private static final TrustDomain MESH = new TrustDomain("cluster.local");
    private static final SpiffeId CALLER = SpiffeId.ofWorkload(MESH, "demo", "client");
    private static final SpiffeId OTHER = SpiffeId.ofWorkload(MESH, "demo", "bank");
    private static final KeyPair PAIR = KeyPairs.p256(new SecureRandom());
    private static final String PEM = CertificateRequest.write(PAIR, OTHER.toString());
    private static final byte[] DER = Base64.getMimeDecoder().decode(PEM.replaceAll("-----[A-Z ]+-----", ""));
    private static final IssuanceRules RULES = new IssuanceRules(
            MESH,
            new IssuanceConfig(false, Duration.ofHours(1), Duration.ofHours(24), List.of(), Map.of(), Optional.empty()),
            new Impersonation(Set.of()));
    private static final List<Long> SECONDS = List.of(0L, 3_600L, -1L, 179L, 86_401L, Long.MAX_VALUE, Long.MIN_VALUE);

    private RequestsFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Choices choices = new Choices(input);
        Optional<String> impersonated = switch (choices.below(6)) {
            case 0, 1, 2 -> Optional.empty();
            case 3 -> Optional.of(CALLER.toString());
            case 4 -> Optional.of(OTHER.toString());
            default -> Optional.of(choices.text());
        };
        long seconds = choices.of(SECONDS);
        boolean namesSigner = choices.oneIn(8);
        boolean bends = choices.oneIn(2);
        String csr = csr(choices, bends);
        IssuanceRules.Wish wish = new IssuanceRules.Wish(csr, seconds, impersonated, namesSigner);
        if (RULES.decide(Caller.self(CALLER), wish, Duration.ofDays(1), PodView.NEVER, Instant.EPOCH)
                instanceof IssuanceRules.Issue issue) {
            require(issue.id().equals(CALLER), "issued: " + issue.id() + " (expected: " + CALLER + ")");
            require(issue.dnsNames().isEmpty(), "names: " + issue.dnsNames() + " (expected: none)");
            require(issue.ttl().compareTo(Duration.ofHours(24)) <= 0, "ttl: " + issue.ttl());
            require(issue.key().equals(PAIR.getPublic()), "key: another (expected: the one that is proved)");
            require(!namesSigner, "issued: by a signer that was named");
        }
    }

    private static String csr(Choices choices, boolean bends) {
        return switch (choices.below(4)) {
            case 0 -> PEM;
            case 1 -> new String(choices.bent(PEM.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
            case 2 -> pem(bends ? choices.bent(DER) : Resigned.bent(choices, DER, PAIR.getPrivate()));
            default -> pem(choices.rest());
        };
    }

    private static String pem(byte[] der) {
        return "-----BEGIN CERTIFICATE REQUEST-----\n"
                + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END CERTIFICATE REQUEST-----\n";
    }

    private static void require(boolean met, String otherwise) {
        if (!met) {
            throw new IllegalStateException(otherwise);
        }
    }
}
