package io.beringia.trust.rotator;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.client.RemoteCredentials;
import io.beringia.trust.pki.PemFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real role trust whose intermediate ends, and the next one under the same root. */
final class IntermediateSwapTest {
    /** A sixth of 90 days is more than a week, so that a week counts. */
    private static final Duration UNTIL_DUE = Duration.ofDays(83);

    @TempDir
    private Path dir = Path.of("");

    private RotatedRegion region;

    @BeforeEach
    void start() throws IOException {
        region = new RotatedRegion(
                dir,
                RotatedRegion.made(dir, List.of(RotatedRegion.OPERATOR), "us-east")
                        .at("us-east"));
        Files.move(region.next(), dir.resolve("under-another-root"));
    }

    @AfterEach
    void end() throws IOException {
        region.close();
    }

    @Test
    void the_next_one_signs_when_its_time_comes_and_everybody_goes_on() throws IOException {
        X509Certificate old = signs();
        assertThat(due()).isEqualTo("rest");
        region.awayFor(Duration.ofDays(77));
        Awaitility.await("an operator is told").atMost(Duration.ofSeconds(30)).until(() -> due().equals("late"));
        assertThat(region.meters.get("trust.intermediate.due").gauge().value()).isEqualTo(2);

        region.layNextUnderTheSameRoot();
        X509Certificate next =
                PemFile.certificates(region.next().resolve("ca-cert.pem")).getFirst();
        Awaitility.await("it is seen").atMost(Duration.ofSeconds(30)).until(() -> due().equals("rest"));
        assertThat(signs()).as("not yet").isEqualTo(old);
        region.awayFor(UNTIL_DUE.minusDays(77).minusSeconds(60));
        assertThat(signs()).as("a minute before").isEqualTo(old);
        List<RemoteCredentials> before = List.copyOf(region.planes);
        region.pass(Duration.ofSeconds(70));
        Awaitility.await("its turn").atMost(Duration.ofSeconds(30)).until(() -> signs().equals(next));
        try (RemoteCredentials newcomer = region.newcomer()) {
            assertThat(newcomer.svid().chain()).as("signed by it").contains(next);
            List<RemoteCredentials> all = new ArrayList<>(before);
            all.add(newcomer);
            assertThat(before.getFirst().svid().chain())
                    .as("still under the old one")
                    .contains(old);
            region.allTalk(all);
        }
        assertThat(region.ca().open(InstantSource.system()).root()).as("root").isEqualTo(region.oldRoot());
        assertThat(region.store().toFile().list()).as("left in the store").doesNotContain("swap");
        region.restart();
        assertThat(signs()).as("after a restart").isEqualTo(next);
        assertThat(region.verified()).as("the ledger verifies").isZero();
    }

    @Test
    void a_crash_in_the_middle_leaves_the_old_one_or_the_new_one() throws IOException {
        X509Certificate old = signs();
        region.layNextUnderTheSameRoot();
        region.stop();
        Intermediates files = new Intermediates(region.store(), region.ca());
        CaFiles swap = files.swapped();
        files.keepSwapped(CaFiles.in(region.next()), InstantSource.system());
        Files.delete(swap.roots());

        region.begin();
        assertThat(signs()).as("not whole").isEqualTo(old);
        assertThat(swap.key()).as("forgotten").doesNotExist();

        region.stop();
        files.keepSwapped(CaFiles.in(region.next()), InstantSource.system());
        Files.copy(swap.key(), region.ca().key(), StandardCopyOption.REPLACE_EXISTING);
        region.begin();
        assertThat(signs())
                .as("whole, the cluster's own files half changed")
                .isEqualTo(PemFile.certificates(region.next().resolve("ca-cert.pem"))
                        .getFirst());
        try (RemoteCredentials newcomer = region.newcomer()) {
            assertThat(newcomer.svid().chain()).as("signs").contains(signs());
        }
    }

    @Test
    void one_that_cannot_be_the_next_is_told_and_not_taken() throws IOException {
        X509Certificate old = signs();
        region.layNextUnderTheSameRoot();
        Files.copy(region.ca().key(), region.next().resolve("ca-key.pem"), StandardCopyOption.REPLACE_EXISTING);
        region.awayFor(Duration.ofDays(89));

        Awaitility.await("told")
                .atMost(Duration.ofSeconds(30))
                .until(() -> region.status()
                        .path("intermediate")
                        .path("faults")
                        .toString()
                        .contains("another key"));
        assertThat(due()).isEqualTo("late");
        assertThat(signs()).isEqualTo(old);
    }

    private String due() {
        return region.status().path("intermediate").path("step").asString();
    }

    private X509Certificate signs() {
        return PemFile.certificates(region.ca().certificate()).getFirst();
    }
}
