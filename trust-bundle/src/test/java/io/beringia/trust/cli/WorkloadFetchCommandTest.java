package io.beringia.trust.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.TrustConfig;
import io.beringia.trust.TrustMain;
import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.issuance.IssuanceConfig;
import io.beringia.trust.workload.WorkloadConfig;
import io.beringia.trust.workload.WorkloadEntry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command against the role trust, as its configuration starts it. */
final class WorkloadFetchCommandTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");
    private static final SpiffeId CART = SpiffeId.ofWorkload(DOMAIN, "shop", "cart");
    private static final String ME = System.getProperty("user.name");

    @TempDir
    private Path dir = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shows_and_writes_what_the_role_trust_gives_this_user() throws Exception {
        try (TrustMain trust = start(ME)) {
            assertThat(trust.awaited()).as("ready").isEmpty();

            assertThat(fetch("--write", dir.resolve("got").toString()))
                    .as("fetch: %s", err)
                    .isZero();
        }
        assertThat(out.toString()).as("table").contains("SPIFFE ID").contains(CART.toString());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("got/svid.0.key"))))
                .as("the key's mode")
                .isEqualTo("rw-------");
        FileCredentials got = FileCredentials.load(new CredentialFiles(
                dir.resolve("got/svid.0.pem"),
                dir.resolve("got/svid.0.key"),
                Map.of(DOMAIN, dir.resolve("got/bundle.0.pem"))));
        assertThat(got.svid().id()).as("what was written").isEqualTo(CART);
        assertThat(socket()).as("nothing is left").doesNotExist();
    }

    @Test
    void json_shows_no_key() {
        try (TrustMain trust = start(ME)) {
            assertThat(trust.awaited()).as("ready").isEmpty();

            assertThat(fetch("--output", "json")).as("fetch: %s", err).isZero();
        }
        assertThat(out.toString())
                .as("json")
                .contains("\"id\":\"" + CART + "\"")
                .contains("\"certificates\":2")
                .doesNotContain("KEY", "\"key\"");
    }

    @Test
    void says_why_there_is_nothing() {
        try (TrustMain trust = start(String.valueOf(Integer.MAX_VALUE))) {
            assertThat(trust.awaited()).as("ready").isEmpty();
            assertThat(fetch()).as("no entry").isEqualTo(1);
        }
        assertThat(fetch("--timeout", "1")).as("nobody there").isEqualTo(1);
        assertThat(run("trust", "workload", "fetch", "--endpoint", "tcp://127.0.0.1:1"))
                .as("no unix socket")
                .isEqualTo(1);

        assertThat(err.toString())
                .contains("PERMISSION_DENIED no identity issued (expected: an entry for this user and group)")
                .contains("(expected: a Workload API that listens there, and can sign)")
                .contains("endpoint: \"tcp://127.0.0.1:1\" (expected: unix:///absolute/path)");
    }

    private TrustMain start(String user) {
        if (!Files.exists(dir.resolve("us-east"))) {
            run("ca", "root", "--dir", dir.toString(), "--trust-domain", "corp.example");
            run("ca", "intermediate", "--dir", dir.toString(), "--name", "us-east");
        }
        TrustConfig config = TrustConfig.inFolder(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        SpiffeId.ofWorkload(DOMAIN, "beringia", "trust"),
                        dir.resolve("us-east"),
                        new IssuanceConfig(
                                false,
                                IssuanceConfig.DEFAULT_TTL,
                                IssuanceConfig.DEFAULT_TTL,
                                List.of(),
                                Map.of(),
                                Optional.empty()))
                .with(new WorkloadConfig(
                        socket(), List.of(new WorkloadEntry(CART, user, Optional.empty(), Optional.empty()))));
        return TrustMain.start(config, new SimpleMeterRegistry(), InstantSource.system());
    }

    private Path socket() {
        return dir.resolve("run/api.sock");
    }

    private int fetch(String... args) {
        return run(
                "trust",
                Stream.concat(Stream.of("workload", "fetch", "--endpoint", "unix://" + socket()), Stream.of(args))
                        .toArray(String[]::new));
    }

    private int run(String group, String... args) {
        return new CommandLine(group.equals("ca") ? new CaCommand() : new TrustCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
