package io.beringia.scenarios;

import io.beringia.trust.TrustConfig;
import io.beringia.trust.TrustMain;
import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.issuance.IssuanceConfig;
import io.beringia.trust.issuance.StaticToken;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.pki.Fingerprint;
import io.beringia.trust.rotation.RotationTiming;
import io.beringia.trust.rotator.RotationConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The role trust in a process of its own, on a clock that lies in a file: a test turns it, and kills the process. */
final class ClockedTrust {
    static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    static final SpiffeId SERVER = SpiffeId.ofWorkload(DOMAIN, "beringia-system", "trust");
    static final Duration LEAF_LIFE = Duration.ofMinutes(4);
    private static final RotationTiming TIMING = new RotationTiming(
            Duration.ofMinutes(10), Duration.ofMinutes(1), Duration.ofSeconds(20), Duration.ofSeconds(10), 1);

    private ClockedTrust() {}

    /** {@code DIR IP ISSUANCE-PORT API-PORT PROBED-IP}; runs until it is killed. */
    public static void main(String[] args) throws InterruptedException {
        Path dir = Path.of(args[0]);
        TrustMain.start(
                config(
                        dir,
                        new InetSocketAddress(args[1], Integer.parseInt(args[2])),
                        new InetSocketAddress(args[1], Integer.parseInt(args[3])),
                        new InetSocketAddress(args[4], 15_008)),
                new SimpleMeterRegistry(),
                clock(dir));
        Thread.currentThread().join();
    }

    static Path clockFile(Path dir) {
        return dir.resolve("clock");
    }

    static InstantSource clock(Path dir) {
        return () -> {
            try {
                return Instant.parse(Files.readString(clockFile(dir)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    static SpiffeId id(String account) {
        return SpiffeId.ofWorkload(DOMAIN, account.equals("ann") ? "ops" : "demo", account);
    }

    static String token(String account) {
        return "token-of-" + account;
    }

    private static TrustConfig config(
            Path dir, InetSocketAddress listen, InetSocketAddress api, InetSocketAddress probed) {
        List<StaticToken> tokens = Arrays.stream(new String[] {"client", "echo", "ann"})
                .map(account -> new StaticToken(
                        Fingerprint.sha256(token(account).getBytes(StandardCharsets.US_ASCII)), id(account), Set.of()))
                .toList();
        return new TrustConfig(
                        listen,
                        SERVER,
                        CaFiles.in(dir.resolve("west-1")),
                        new IssuanceConfig(true, LEAF_LIFE, LEAF_LIFE, tokens, Map.of(), Optional.empty()))
                .with(new RoleLedger(dir.resolve("ledger"), LedgerMode.STRICT, Optional.empty(), List.of()))
                .with(new RotationConfig(
                        dir.resolve("west-1/rotation"),
                        dir.resolve("new/west-1"),
                        List.of(),
                        TIMING,
                        List.of(new RotationConfig.ProbeTarget(id("echo"), probed)),
                        Optional.of(new RotationConfig.Operators(api, Set.of(id("ann"))))));
    }
}
