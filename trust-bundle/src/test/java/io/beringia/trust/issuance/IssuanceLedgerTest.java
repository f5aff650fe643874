package io.beringia.trust.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.federation.Fetch;
import io.beringia.trust.identity.CrlPolicy;
import io.beringia.trust.identity.Denylist;
import io.beringia.trust.identity.Enforcement;
import io.beringia.trust.identity.Revocations;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.VirtualConstraints;
import io.beringia.trust.ledger.Ledger;
import io.beringia.trust.ledger.LedgerConfig;
import io.beringia.trust.ledger.LedgerEvents;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.Traffic;
import io.beringia.trust.pki.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IssuanceLedgerTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final SpiffeId CART = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");
    private static final Authority ROOT = Authority.root(DOMAIN);
    private static final X509Certificate LEAF =
            ROOT.intermediate("us-east").svid(CART, Duration.ofHours(1)).leaf();

    @TempDir
    private Path dir;

    private Ledger open(LedgerMode mode) {
        return Ledger.open(
                new LedgerConfig(dir, "corp.example/beringia/us-east/issuance", mode),
                LedgerEvents.NONE,
                () -> Traffic.NONE,
                InstantSource.system());
    }

    @Test
    void a_certificate_that_cannot_be_recorded_is_kept_back_in_strict_mode_alone() {
        for (LedgerMode mode : LedgerMode.values()) {
            Ledger ledger = open(mode);
            IssuanceLedger record = new IssuanceLedger(ledger, mode, InstantSource.system());
            assertThat(record.issued(Caller.self(CART), CART, LEAF, ROOT.certificate(), 1))
                    .as("%s, written", mode)
                    .isTrue();
            ledger.close();
            assertThat(record.issued(Caller.self(CART), CART, LEAF, ROOT.certificate(), 1))
                    .as("%s, after its end", mode)
                    .isEqualTo(mode == LedgerMode.DEFAULT);
        }
    }

    @Test
    void every_question_to_a_foreign_trust_domain_is_recorded_with_its_answer() throws IOException {
        Ledger ledger = open(LedgerMode.DEFAULT);
        IssuanceLedger record = new IssuanceLedger(ledger, LedgerMode.DEFAULT, InstantSource.system());
        TrustDomain partner = TrustDomain.parse("partner.example");
        record.fetched(new Fetch(partner, Fetch.Outcome.WITHDRAWN, "", Optional.of(7L)));
        record.fetched(new Fetch(partner, Fetch.Outcome.FAILED, "nobody", Optional.empty()));
        ledger.close();

        try (Stream<Path> files = Files.list(dir.resolve("wal"))) {
            String written = Files.readString(files.findFirst().orElseThrow(), StandardCharsets.ISO_8859_1);
            assertThat(written).as("entries").contains("spiffe://partner.example", "withdrawn", "failed");
        }
    }

    @Test
    void whoever_is_trusted_no_more_from_when_on_is_recorded() throws IOException {
        Ledger ledger = open(LedgerMode.DEFAULT);
        Denylist denylist = Denylist.parse("serial 2f\nid " + CART);
        Revocations denied = new Revocations(8, List.of(), CrlPolicy.OPEN, denylist);
        new IssuanceLedger(ledger, LedgerMode.DEFAULT, InstantSource.system()).refuses(denied);
        ledger.close();

        try (Stream<Path> files = Files.list(dir.resolve("wal"))) {
            String written = Files.readString(files.findFirst().orElseThrow(), StandardCharsets.ISO_8859_1);
            byte[] digest = HexFormat.of()
                    .parseHex(Fingerprint.sha256(
                            ("policy open\nid " + CART + "\nserial 2f\n").getBytes(StandardCharsets.UTF_8)));
            assertThat(written)
                    .as("entry")
                    .contains("policy open\ndenylist 2\n", new String(digest, StandardCharsets.ISO_8859_1));
        }
        assertThat(Denylist.parse(String.join("\n", denylist.lines().toList())))
                .as("is read as it was")
                .isEqualTo(denylist);
    }

    @Test
    void for_whom_issuers_may_speak_is_recorded() throws IOException {
        VirtualConstraints limits =
                VirtualConstraints.parse(Enforcement.ENFORCE, "domain td namespace=b,a\ndomain a cluster=c");
        Ledger ledger = open(LedgerMode.DEFAULT);
        new IssuanceLedger(ledger, LedgerMode.DEFAULT, InstantSource.system())
                .refuses(new Revocations(9, List.of(), CrlPolicy.OPEN, Denylist.EMPTY, limits));
        ledger.close();

        try (Stream<Path> files = Files.list(dir.resolve("wal"))) {
            String written = Files.readString(files.findFirst().orElseThrow(), StandardCharsets.ISO_8859_1);
            String all = "policy open\nvirtual-constraints enforce\n"
                    + "issuer domain a cluster=c\nissuer domain td namespace=a,b\n";
            byte[] digest = HexFormat.of().parseHex(Fingerprint.sha256(all.getBytes(StandardCharsets.UTF_8)));
            assertThat(written)
                    .as("entry")
                    .contains(
                            "policy open\nvirtual-constraints enforce\ndenylist 0\nissuers 2\n",
                            new String(digest, StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void a_flood_fills_no_disk() {
        Ledger ledger = open(LedgerMode.STRICT);
        IssuanceLedger record = new IssuanceLedger(ledger, LedgerMode.STRICT, InstantSource.system());
        for (int i = 0; i < 1_000; i++) {
            record.refused(Refusal.TOO_OFTEN, Optional.empty(), Optional.of("x".repeat(60_000)));
            record.refused(Refusal.BUSY, Optional.empty(), Optional.of("x".repeat(60_000)));
        }
        for (int i = 0; i < 20_000; i++) {
            record.refused(Refusal.UNKNOWN_TOKEN, Optional.empty(), Optional.empty());
        }
        record.refused(Refusal.IMPERSONATION, Optional.of(Caller.self(CART)), Optional.of("\n".repeat(60_000)));
        ledger.close();

        assertThat(dir.resolve("wal").toFile().listFiles())
                .hasSize(1)
                .allSatisfy(file -> assertThat(file.length()).as("octets").isBetween(100_000L, 500_000L));
    }
}
